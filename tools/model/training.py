"""Contrastive training of the static model.

  word      = exp(weight) * (start * map + own + mean of its n-gram rows)
  sentence  = sum of its words, of length 1
  loss      = symmetric InfoNCE over the batch, on all dimensions and on the first half alone

Trained are weight and own of each word, the map (start vectors to dimensions), and the n-gram rows.
"""
import time
from dataclasses import dataclass

import numpy


@dataclass
class Settings:
    dim: int = 256
    buckets: int = 16384
    epochs: float = 2
    batch: int = 2048
    rate: float = 0.003
    map_rate: float = 0.001
    weight_rate: float = 0.006
    warm_up: float = 0.05  # The share of all steps in which the rate rises.
    temperature: float = 1 / 20
    halves: tuple = (0.7, 0.3)  # Shares of the loss: on all dimensions, and on the first half.
    hidden: float = 0.1  # The share of known words that a batch sees only as n-grams.
    seed: int = 1


class Adam:
    """Rows that a batch does not touch keep their moments (lazy Adam)."""

    def __init__(self, values):
        self.values = values
        self.mean = numpy.zeros_like(values)
        self.square = numpy.zeros_like(values)

    def update(self, rows, gradient, rate, step):
        mean = self.mean[rows] = 0.9 * self.mean[rows] + 0.1 * gradient
        square = self.square[rows] = 0.99 * self.square[rows] + 0.01 * gradient * gradient
        mean = mean / (1 - 0.9**step)
        square = square / (1 - 0.99**step)
        self.values[rows] -= rate * mean / (numpy.sqrt(square) + 1e-8)


def normalised(rows):
    lengths = numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return rows / lengths, lengths


def through_norm(gradient, rows, lengths):
    """The gradient before rows were made of length 1."""
    return (gradient - (gradient * rows).sum(axis=1, keepdims=True) * rows) / lengths


def contrast(one, other, same, temperature):
    """(loss, gradients of both sides): each text should find its partner among all of the batch."""
    n = len(one)
    scores = one @ other.T / temperature
    scores[same] = -1e4
    share = numpy.zeros_like(scores)
    loss = 0.0
    for axis in (1, 0):
        raised = numpy.exp(scores - scores.max(axis=axis, keepdims=True))
        raised /= raised.sum(axis=axis, keepdims=True)
        loss -= numpy.log(numpy.maximum(numpy.diagonal(raised), 1e-30)).mean() / 2
        share += raised / 2
    share[numpy.arange(n), numpy.arange(n)] -= 1
    share /= temperature * n
    return loss, share @ other, share.T @ one


class Trainer:
    def __init__(self, table, start, weights, settings):
        self.table, self.start, self.settings = table, start, settings
        self.chance = numpy.random.default_rng(settings.seed)
        rows = (settings.buckets, settings.dim)
        self.map = Adam(numpy.eye(settings.dim, dtype=numpy.float32))
        self.own = Adam(numpy.zeros_like(start))
        self.bucket = Adam(0.01 * self.chance.standard_normal(rows, dtype=numpy.float32))
        # There is one more row at the end, for all words that are not known.
        self.weight = Adam(numpy.append(weights, numpy.float32(0)))

    def step(self, numbers, step, factor):
        """Trains on one batch, and returns its loss."""
        table, settings = self.table, self.settings
        ids = numpy.union1d(table.one.ids_of(numbers), table.other.ids_of(numbers))
        columns = numpy.zeros(table.grams.shape[0], numpy.int64)
        columns[ids] = numpy.arange(len(ids))
        bags = [side.bags(numbers, columns) for side in (table.one, table.other)]
        for bag in bags:
            bag.resize(len(numbers), len(ids))
        shown = (ids < table.known) & (self.chance.random(len(ids)) >= settings.hidden)
        rows = ids[shown]
        grams = table.grams[ids]
        buckets = numpy.unique(grams.indices)
        grams = grams[:, buckets]
        meaning = grams @ self.bucket.values[buckets]
        meaning[shown] += self.start[rows] @ self.map.values + self.own.values[rows]
        weight_rows = numpy.minimum(ids, table.known)
        weight = numpy.exp(self.weight.values[weight_rows])[:, None]
        words = weight * meaning
        sides = [normalised(bag @ words) for bag in bags]
        loss, gradients = self._loss([rows for rows, _ in sides], numbers)
        upstream = sum(bag.T @ through_norm(gradient, *side)
                       for bag, gradient, side in zip(bags, gradients, sides))

        by_weight = (upstream * words).sum(axis=1)
        upstream *= weight
        self.weight.update(rows, by_weight[shown], settings.weight_rate * factor, step)
        unknown = by_weight[ids >= table.known].sum()
        self.weight.update(numpy.array([table.known]), unknown, settings.weight_rate * factor, step)
        self.map.update(slice(None), self.start[rows].T @ upstream[shown],
                        settings.map_rate * factor, step)
        self.own.update(rows, upstream[shown], settings.rate * factor, step)
        self.bucket.update(buckets, grams.T @ upstream, settings.rate * factor, step)
        return loss

    def _loss(self, sides, numbers):
        """Marks pairs with equal texts on one side: they are no wrong answers to each other."""
        same = numpy.zeros((len(numbers), len(numbers)), bool)
        for side in (self.table.one, self.table.other):
            hashes = side.hashes[numbers]
            same |= hashes[:, None] == hashes[None, :]
        numpy.fill_diagonal(same, False)
        temperature, (whole, half) = self.settings.temperature, self.settings.halves
        loss, *gradients = contrast(*sides, same, temperature)
        gradients = [whole * gradient for gradient in gradients]
        middle = self.settings.dim // 2
        first = [normalised(side[:, :middle]) for side in sides]
        _, *of_half = contrast(*[rows for rows, _ in first], same, temperature)
        for gradient, part, side in zip(gradients, of_half, first):
            gradient[:, :middle] += half * through_norm(part, *side)
        return loss, gradients

    def run(self, say=print):
        settings = self.settings
        batches = self.table.batches(settings.batch, self.chance)
        total = max(1, int(len(batches) * settings.epochs))
        begun, losses = time.monotonic(), []
        for step in range(1, total + 1):
            if not batches:
                batches = self.table.batches(settings.batch, self.chance)
            progress = step / total
            factor = min(progress / settings.warm_up, (1 - progress) / (1 - settings.warm_up))
            losses.append(self.step(batches.pop(), step, factor))
            if step % 50 == 0 or step == total:
                say(f"step {step} of {total}: loss {numpy.mean(losses):.4f}, "
                    f"{time.monotonic() - begun:.0f} s, {time.process_time():.0f} s of CPU")
                losses = []

    def rows(self):
        """The model: a row for each known word, then one for each bucket."""
        meaning = (self.start @ self.map.values + self.own.values
                   + self.table.grams[: self.table.known] @ self.bucket.values)
        weight = numpy.exp(self.weight.values)
        return numpy.concatenate([weight[:-1, None] * meaning, weight[-1] * self.bucket.values])
