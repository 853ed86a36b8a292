"""The sets that bench/ann/make_data has made."""
import json
import os


class DataSet:
    def __init__(self, folder, name, metric):
        self.folder = folder
        self.name = name
        self.metric = metric

    def path(self, suffix):
        return os.path.join(self.folder, f"{self.name}.{suffix}")


def load(arguments):
    path = os.path.join(arguments.data, "MANIFEST.json")
    if not os.path.exists(path):
        raise SystemExit(f"run: no {path}: make the data first with bench/ann/make_data")
    with open(path, encoding="utf-8") as file:
        manifest = json.load(file)
    missing = [name for name in arguments.sets if name not in manifest]
    if missing:
        raise SystemExit(f"run: make_data has not made {', '.join(missing)}")
    return [DataSet(arguments.data, name, manifest[name]["metric"]) for name in arguments.sets]
