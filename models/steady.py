"""Steady state of continuous batching on given layouts, and what holds it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from breakeven.models import llm
from breakeven.models import serving as serve
from breakeven.models.base import Array
from breakeven.models.limits import Batch, envelope, limit, weight
from breakeven.models.llm import Arithmetic
from breakeven.models.machine import Machine
from breakeven.models.parallel import ServingLayout
from breakeven.models.passes import StepTerms, StepTime, traffic_share
from breakeven.models.serving import Formats

_ROUNDS = 6  # fixed-point rounds for the batch; they settle the coverage of experts
_NUDGE = 1.001  # of the batch, for the slope of the step
_LEAST = float(np.log(1e-3))  # of a batch, in log: none, with which rounds can go on
_NOTHING = 1e-300  # a batch of none that can still be divided by
_PULL = 0.7  # weight, in log, of each round's answer: less would settle slower


@dataclass(frozen=True)
class Serving:
    """Steady state of serving, per chip and per replica; NaN where infeasible."""

    output_rate: Array
    prompt_rate: Array
    ttft: Array
    tpot: Array
    batch: Array
    chips_per_replica: Array
    prefill_share: Array
    mfu: Array
    mbu: Array
    compute_load: Array
    memory_load: Array
    feasible: Array
    limited_by: Array


@dataclass(frozen=True)
class Demand:
    """Requests and limits in base units; fields broadcast over draws and layouts.

    ``speculation`` is the tokens accepted per step of a sequence; ``disaggregated`` 1
    puts prompts on chips of their own, so that they never slow a decoding step (the
    cache is handed over at no cost), 0 shares every chip. With ``best_effort`` a limit
    that nothing meets is served one sequence at a time, instead of not at all.
    """

    input_length: Array
    output_length: Array
    cached_fraction: Array
    ttft_limit: Array
    tpot_limit: Array
    concurrency: Any = np.inf
    speculation: Any = 1.0
    disaggregated: Any = 0.0
    best_effort: bool = False

    def paced(self, time: Array) -> Array:
        """Time of a decode step for each token that it brings a sequence. [s]."""
        return time if self._single else time / self.speculation

    @cached_property
    def _single(self) -> bool:
        """Whether each step brings one token."""
        return np.ndim(self.speculation) == 0 and bool(self.speculation == 1.0)


@dataclass(frozen=True)
class Replica:
    """One model on one kind of chip, software and layout."""

    model: Arithmetic
    machine: Machine
    stack: Mapping[str, Any]
    layout: ServingLayout
    formats: Formats

    def step(self, context: Array) -> StepTerms:
        """A decode step as a function of its batch. [s]."""
        return serve.step_terms(
            self.model, self.machine, self.stack, self.layout, self.formats, context
        )

    def prompt(self, length: Array, cached: Array) -> StepTime:
        """Parts of one prompt. [s]."""
        return serve.prompt_time(
            self.model,
            self.machine,
            self.stack,
            self.layout,
            self.formats,
            length,
            cached,
        )


def steady_state(replica: Replica, demand: Demand) -> Serving:
    """Steady state of every layout, without choosing one. [mixed].

    Parameters
    ----------
    replica
        Model, chip, software and layouts. [mixed]
    demand
        Requests and limits. [mixed]

    References
    ----------
    G.-I. Yu et al., "Orca," OSDI 2022; A. Agrawal et al., "Sarathi-Serve," 2024,
    arXiv:2403.02310.
    """
    prompt = replica.prompt(demand.input_length, demand.cached_fraction)
    terms = replica.step(context(demand))
    bounds = bounded(replica, demand, prompt.total, terms)
    return outcome(replica, demand, bounds, prompt, terms)


def outcome(
    replica: Replica,
    demand: Demand,
    bounds: Batch,
    prompt: StepTime,
    terms: StepTerms,
) -> Serving:
    """Steady state at a batch. [mixed].

    Parameters
    ----------
    replica
        Model, chip, software and layouts. [mixed]
    demand
        Requests and limits. [mixed]
    bounds
        Batch and what bounds it. [sequence]
    prompt, terms
        Parts of a prompt [s], and of a decode step as a function of its batch. [s]

    References
    ----------
    As :func:`steady_state`.
    """
    machine, stack = replica.machine, replica.stack
    per_token = prompt.total / demand.output_length
    batch = bounds.batch
    step = terms.at(batch)
    pace = demand.paced(step.total)
    cycle = pace + batch * per_token
    share = batch * per_token / cycle
    shared = 1.0 - demand.disaggregated
    rate = batch / cycle / replica.layout.chips * stack["realised_share"]
    feasible = (batch >= 1.0) & np.isfinite(rate)
    blank = np.where(feasible, 1.0, np.nan)
    mfu = rate * _token_flops(replica.model, demand) / machine.peak_flops * blank
    moving = traffic_share(step) * (1.0 - share)
    moving = moving + traffic_share(prompt) * share
    mbu = moving * stack["hbm_efficiency"] * stack["realised_share"] * blank
    return Serving(
        output_rate=rate * blank,
        prompt_rate=rate * demand.input_length / demand.output_length * blank,
        ttft=(prompt.total / (1.0 - share * shared) + step.total) * blank,
        tpot=(pace + batch * per_token * shared) * blank,
        batch=batch * blank,
        chips_per_replica=replica.layout.chips * blank,
        prefill_share=share * blank,
        mfu=mfu,
        mbu=mbu,
        compute_load=mfu,
        memory_load=mbu,
        feasible=feasible,
        limited_by=limit(bounds, step, prompt, share, feasible),
    )


def context(demand: Demand) -> Array:
    """Mean tokens cached per running sequence. [token].

    Parameters
    ----------
    demand
        Requests and limits. [mixed]

    References
    ----------
    Own rule: half of an answer is there on average.
    """
    return demand.input_length + demand.output_length / 2.0


def _token_flops(model: Arithmetic, demand: Demand) -> Array:
    """Arithmetic per output token, its share of the prompt included. [FLOP]."""
    fresh = demand.input_length * (1.0 - demand.cached_fraction)
    middle = demand.input_length * (1.0 + demand.cached_fraction) / 2.0
    prompt = fresh * llm.token_flops(model, middle)
    return llm.token_flops(model, context(demand)) + prompt / demand.output_length


@np.errstate(divide="ignore")  # a bound of none weighs more than any other
def bounded(replica: Replica, demand: Demand, prompt: Array, terms: StepTerms) -> Batch:
    """Largest batch that every bound allows; none where one forbids it. [sequence].

    The step is affine in the batch but for the coverage of experts, so each bound is
    closed; rounds settle the coverage.

    Parameters
    ----------
    replica
        Model, chip, software and layouts. [mixed]
    demand
        Requests and limits. [mixed]
    prompt, terms
        Time of a prompt [s], and parts of a decode step as a function of its batch. [s]

    References
    ----------
    As :func:`steady_state`.
    """
    capacity, slots = room(replica, demand)
    given = weight(capacity) + weight(slots)
    batch = np.maximum(envelope(given), 1.0)
    tpot = ttft = np.full(np.shape(batch), np.inf)
    limited = np.any(np.isfinite(demand.tpot_limit) | np.isfinite(demand.ttft_limit))
    size = np.log(batch)
    stalled = prompt / demand.output_length * (1.0 - demand.disaggregated)
    for _ in range(_ROUNDS if limited else 0):
        tpot, ttft = slo_bounds(terms, demand, prompt, stalled, batch)
        target = np.log(given + weight(tpot) + weight(ttft)) / -4.0
        size = _PULL * np.maximum(target, _LEAST) + (1.0 - _PULL) * size
        batch = np.exp(size)
    met = (np.minimum(tpot, ttft) >= 1.0) | demand.best_effort
    runs = (np.minimum(capacity, slots) >= 1.0) & met
    batch = np.where(runs, np.maximum(batch, 1.0), _NOTHING)
    return Batch(batch, capacity, slots, tpot, ttft)


def room(replica: Replica, demand: Demand) -> tuple[Array, Array]:
    """Sequences that fit the memory, and that engine and demand offer. [sequence].

    Parameters
    ----------
    replica
        Model, chip, software and layouts. [mixed]
    demand
        Requests and limits. [mixed]

    References
    ----------
    Own accounting.
    """
    layout, formats = replica.layout, replica.formats
    weights = serve.weights_per_chip(replica.model, layout, formats)
    cache = serve.kv_per_sequence(replica.model, layout, formats, context(demand))
    spare = np.maximum(replica.machine.memory - weights, 0.0)
    ranks = 1.0 + layout.data_attention * (layout.chips - 1.0)
    slots = np.minimum(replica.stack["max_batch"] * ranks, demand.concurrency)
    return spare * layout.chips / cache, slots


def slo_bounds(
    terms: StepTerms, demand: Demand, prompt: Array, stalled: Array, batch: Array
) -> tuple[Array, Array]:
    """Batches that TPOT and TTFT allow, the step being affine at one. [sequence].

    Parameters
    ----------
    terms
        Parts of a decode step as a function of its batch. [s]
    demand
        Requests and limits. [mixed]
    prompt
        Time of a prompt. [s]
    stalled
        Part of it, over the tokens of an answer, in which decoding waits. [s/token]
    batch
        Where the slope of the step is taken. [sequence]

    References
    ----------
    Own algebra.
    """
    step, more = terms.total(batch), terms.total(_NUDGE * batch)
    slope = demand.paced((more - step) / ((_NUDGE - 1.0) * batch))
    base = demand.paced(step) - slope * batch
    tpot = np.maximum(demand.tpot_limit - base, 0.0) / (slope + stalled)
    ratio = np.maximum((demand.ttft_limit - step) / prompt - 1.0, 0.0)
    pressure = stalled - ratio * slope
    # without pressure TTFT allows, if not infinitely many, more than anything else
    return tpot, ratio * base / np.fmax(pressure, _NOTHING)
