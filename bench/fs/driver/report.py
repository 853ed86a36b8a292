"""Collects samples; prints tables for people, Markdown for pages, JSON lines for programs."""
import json

from driver import tables


class Report:
    def __init__(self, arguments, machine):
        self.arguments, self.machine = arguments, machine
        self.targets, self.samples, self.notes, self.markdown = [], {}, [], []
        self.json = None

    def __enter__(self):
        if self.arguments.json:
            self.json = open(self.arguments.json, "w", encoding="utf-8")
            self.write_json(kind="run", **self.machine)
        return self

    def __exit__(self, *_):
        if self.json:
            self.json.close()

    def write_json(self, **record):
        if self.json:
            self.json.write(json.dumps(record) + "\n")
            self.json.flush()

    def begin(self, section, targets):
        self.targets = targets
        self.samples = {(row.name, target.name): {} for row in section.rows for target in targets}

    def add(self, section, row, target, number, sample):
        self.samples[row.name, target.name][number] = sample
        where = {"group": section.group, "backing": section.backing, "row": row.name}
        self.write_json(
            kind="sample",
            **where,
            target=target.name,
            round=number,
            rate=sample.rate,
            **sample.details,
        )

    def add_failure(self, section, row, target, why):
        note = f"{section.backing}, {row.name}: {target.name} gave no result: {why}"
        if note not in self.notes:
            self.notes.append(note)

    def end(self, section):
        header, lines, found = tables.speed_table(section, self.targets, self.samples)
        self.print_table(header, lines)
        for row, row_ratios in found.items():
            values = {name: vars(ratio) for name, ratio in row_ratios.items()}
            where = {"group": section.group, "backing": section.backing, "row": row}
            self.write_json(kind="row", **where, ratios=values)
        if section.group == "metadata":
            self.print_table(*tables.cost_table(section, self.targets, self.samples))
        if section.group == "data":
            for target in self.targets:
                self.print_line(tables.requests_line(section, target, self.samples))
        for note in self.notes:
            self.print_line(note)
        self.notes.clear()

    def print_line(self, text):
        if text:
            print(text, flush=True)
            self.markdown.append(text + "\n")

    def print_table(self, header, lines):
        widths = [max(len(line[i]) for line in [header] + lines) for i in range(len(header))]
        for line in [header] + lines:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())
        print(flush=True)
        rule = ["---"] + ["---:"] * (len(header) - 1)
        rows = ["| " + " | ".join(line) + " |" for line in [header, rule] + lines]
        self.markdown.append("\n".join(rows) + "\n")

    def finish(self, seconds):
        state = ", ".join(f"{name} {value}" for name, value in self.machine.items())
        self.print_line("Ratios of speed, medians (lowest-highest round); higher is better.")
        self.print_line(f"Run: {state}; {seconds:.0f} s.")
        if self.arguments.markdown:
            with open(self.arguments.markdown, "w", encoding="utf-8") as file:
                file.write("\n".join(self.markdown))
        if self.arguments.page:
            self.fill_page(self.arguments.page, "busy" if self.arguments.busy else "quiet")

    def fill_page(self, path, part):
        """Replaces what stands between the page's two marks of this part."""
        with open(path, encoding="utf-8") as file:
            page = file.read()
        before, begin, rest = page.partition(f"<!-- begin {part} -->\n")
        _, end, after = rest.partition(f"<!-- end {part} -->\n")
        if not end:
            raise SystemExit(f"run: {path} has no marks for the {part} results")
        with open(path, "w", encoding="utf-8") as file:
            file.write(before + begin + "\n" + "\n".join(self.markdown) + "\n" + end + after)
