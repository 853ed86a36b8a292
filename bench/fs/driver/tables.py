"""The tables of a section: header and lines of cells, from samples by row, target and round."""
from driver import ratios


def median_of(samples, name):
    return ratios.median_detail(list(samples.values()), name)


def speed_table(section, targets, samples):
    """Every target over native, every VexFS over the first peer; also the ratios of each row."""
    pairs = ratios.compared_pairs(targets)
    names = [f"{a.name}/{b.name}" for a, b in pairs]
    header = [f"{section.group} on {section.backing}", targets[0].name] + names
    lines, found = [], {}
    for row in section.rows:
        of = lambda target: samples[row.name, target.name]  # noqa: E731
        found[row.name] = [ratios.Ratio(of(a), of(b)) for a, b in pairs]
        cells = [str(ratio) for ratio in found[row.name]]
        lines.append([row.name, native_speed(of(targets[0])), *cells])
    columns = [[r.value for r in column if r.value] for column in zip(*found.values())]
    means = [f"{ratios.geometric_mean(column):.2f}" if column else "-" for column in columns]
    lines.append(["geometric mean", "", *means])
    return header, lines, {name: dict(zip(names, row)) for name, row in found.items()}


def native_speed(samples):
    if not samples:
        return "-"
    if median_of(samples, "bytes_per_second"):
        return f"{median_of(samples, 'bytes_per_second') / 1e9:.2f} GB/s"
    if median_of(samples, "per_second"):
        return f"{median_of(samples, 'per_second') / 1e3:.1f} k/s"
    return f"{median_of(samples, 'seconds'):.3f} s"


def cost_table(section, targets, samples):
    """The client's wait for one operation, the daemon's CPU time for it, its context switches."""
    header = ["us per operation (daemon CPU us, switches)"] + [target.name for target in targets]
    lines = []
    for row in section.rows:
        lines.append([row.name] + [cost(samples[row.name, target.name]) for target in targets])
    return header, lines


def cost(samples):
    if not samples:
        return "-"
    wait = f"{median_of(samples, 'mean_us'):.1f}"
    if median_of(samples, "daemon_threads") in (None, 0):
        return wait
    cpu, switches = (median_of(samples, "daemon_" + name) for name in ("cpu_us", "switches"))
    return f"{wait} ({cpu:.1f}, {switches:.1f})"


def requests_line(section, target, samples):
    """With passthrough no READ or WRITE may reach the daemon. None where it does not report it."""
    told, reached = False, []
    for row in section.rows:
        counts = [
            sample.details.get("requests") for sample in samples[row.name, target.name].values()
        ]
        counts = [count for count in counts if count]
        told = told or bool(counts)
        reads, writes = (sum(count[op] for count in counts) for op in ("read", "write"))
        if reads or writes:
            reached.append(f"{row.name} {reads} READ {writes} WRITE")
    if not told:
        return None
    what = "; ".join(reached) if reached else "none"
    return f"{target.name} on {section.backing}: READ and WRITE that reached the daemon: {what}"
