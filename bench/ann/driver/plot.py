"""The curves of recall against speed, as one picture with a panel a data set."""
from driver import summary


def draw(rows, path, speed):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot, ticker

    curves = summary.points(rows, speed)
    sets = list(dict.fromkeys(data_set for data_set, _ in curves))
    names = sorted({name for _, name in curves})
    colours = {name: f"C{i}" for i, name in enumerate(names)}  # A peer's colour in all panels.
    figure, panels = pyplot.subplots(
        1, len(sets), figsize=(4.6 * len(sets), 4.2), squeeze=False, layout="constrained"
    )
    for panel, data_set in zip(panels[0], sets):
        for (owner, name), curve in curves.items():
            if owner == data_set:
                recalls, speeds = zip(*curve)
                width = 2.4 if name == "vexfs" else 1.3
                panel.plot(
                    recalls,
                    speeds,
                    color=colours[name],
                    marker="o",
                    markersize=3,
                    linewidth=width,
                    label=name,
                )
        panel.set_yscale("log")
        panel.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 5)))
        panel.yaxis.set_major_formatter(ticker.StrMethodFormatter("{x:,.0f}"))
        panel.yaxis.set_minor_formatter(ticker.NullFormatter())
        panel.set_title(data_set)
        panel.set_xlabel("recall@10")
        panel.set_ylabel("queries a second, one thread")
        panel.grid(True, which="both", alpha=0.25)
        panel.legend()
    figure.savefig(path, dpi=120)
