"""What is printed: tables for people, JSON lines for programs."""
import json


class Report:
    def __init__(self, path):
        self.file = open(path, "a", encoding="utf-8") if path else None

    def table(self, *columns):
        print("\n| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns), flush=True)

    def row(self, *cells):
        shown = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells)
        print("| " + " | ".join(shown) + " |", flush=True)

    def record(self, **members):
        if self.file:
            print(json.dumps(members), file=self.file, flush=True)

    def figure(self, name, value, unit="", aim=""):
        print(f"| {name} | {value:,.2f} {unit} | {aim} |", flush=True)
        self.record(name=name, value=value, unit=unit, aim=aim)


def percentile(values, percent):
    return sorted(values)[min(len(values) - 1, int(len(values) * percent / 100))]
