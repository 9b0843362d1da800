"""How the project computes each published silicon number, from the case's inputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from breakeven.models import silicon

Case = dict[str, Any]


def square(area: Any) -> tuple[Any, Any]:
    """Sides of a square die."""
    return np.sqrt(area), np.sqrt(area)


def flynn(i: Case) -> Case:
    sides = square(100.0 * np.array(i["areas_cm2"]))
    diameter = 10.0 * i["diameter_cm"]
    return {"dies": silicon.dies_per_wafer(*sides, diameter, law="flynn", whole=True)}


def textbook(i: Case) -> Case:
    area = 100.0 * np.array(i["areas_cm2"])
    wafer = {"diameter": 10.0 * i["diameter_cm"], "law": "hennessy-patterson"}
    dies = silicon.dies_per_wafer(*square(area), **wafer, whole=True)
    good = silicon.die_yield(
        area, i["d0_per_cm2"], "bose-einstein", critical_layers=i["n"]
    )
    whole = silicon.good_dies(silicon.dies_per_wafer(*square(area), **wafer), good)
    return {"dies": dies, "yield_": good, "good": np.round(whole)}


def five_laws(i: Case) -> Case:
    area, density = 100.0, i["ad0"]
    plain = {
        law: silicon.die_yield(area, density, law)
        for law in ("poisson", "murphy", "seeds")
    }
    return plain | {
        "negbin": silicon.die_yield(
            area, density, "negative-binomial", clustering=i["alpha"]
        ),
        "bose_einstein": silicon.die_yield(
            area, density, "bose-einstein", critical_layers=i["n_layers"]
        ),
    }


def actuary_die(i: Case, area: float, density: Any, wafer: Any) -> tuple[Any, Any, Any]:
    """Dies, yield and cost of a good die by the laws of Chiplet Actuary."""
    rim = {"edge": i["edge_mm"], "scribe": i["scribe_mm"]}
    dies = silicon.dies_per_wafer(*square(area), law="actuary", **rim)
    good = silicon.die_yield(area, density, "negative-binomial", clustering=i["alpha"])
    return dies, good, silicon.known_good_die_cost(wafer, dies, good)


def three_nodes(i: Case) -> Case:
    given = i["area_mm2"], i["d0_per_cm2"], i["wafer_cost"]
    dies, good, cost = actuary_die(i, *given)
    out = {"dies": dies}
    for place, node in enumerate(("5nm", "7nm", "14nm")):
        out |= {f"yield_{node}": good[place], f"kgd_{node}": cost[place]}
    return out


def recurring(i: Case, chips: int, area: float, layer_factor: float) -> list[float]:
    """Raw chips, bad chips, raw package, bad packages, good chips lost in them."""
    dies, _, good = actuary_die(i, area, i["d0"], i["wafer"])
    raw = silicon.known_good_die_cost(i["wafer"], dies, 1.0)
    bumps = silicon.area_cost(area, i["bump_per_mm2"])
    substrate = i["substrate_per_mm2"], i["substrate_area_ratio"], layer_factor
    package = silicon.area_cost(chips * area, *substrate)
    bonded = silicon.assembly_yield(i["bond_yield"], chips)
    known_good = chips * (good + bumps)
    lost = [silicon.scrap_cost(part, bonded) for part in (package, known_good)]
    parts = [chips * (raw + bumps), chips * (good - raw), package, *lost]
    whole = silicon.organic_package_cost(known_good, package, i["bond_yield"], chips)
    np.testing.assert_allclose(sum(parts), whole, rtol=1e-14)
    return parts


def chiplet_area(i: Case) -> float:
    return i["area_mm2"] / 2 * (1.0 + i["d2d_area_fraction"])


def split(i: Case) -> Case:
    return {
        "soc": recurring(i, 1, i["area_mm2"], 1.0),
        "mcm": recurring(i, 2, chiplet_area(i), i["layer_factor"]),
    }


def one_off(i: Case, chips: int, area: float, modules: float, layers: float) -> float:
    """NRE of modules, of each different chip and of the package."""
    node, reference = i["nre_node_300mm2"], i["reference_area_mm2"]
    shares = i["chip_share"], i["fixed_share"], reference
    design = silicon.module_nre(modules, node, i["module_share"], reference)
    design = design + chips * silicon.chip_nre(area, node, *shares)
    package = silicon.package_nre(
        chips * area * i["substrate_area_ratio"],
        i["package_nre_per_mm2"],
        i["package_nre_fixed"],
        layers,
    )
    return silicon.programme_nre(design, package=package)


def one_or_two(i: Case) -> Case:
    area, half = i["area_mm2"], chiplet_area(i)
    parts = split(i)
    soc_re, mcm_re = sum(parts["soc"]), sum(parts["mcm"])
    soc = one_off(i, 1, area, area, 1.0)
    mcm = one_off(i, 2, half, area + i["interface_module_mm2"], i["layer_factor"])
    return {
        "soc_unit": silicon.unit_cost(soc_re, soc, i["volumes"]),
        "mcm_unit": silicon.unit_cost(mcm_re, mcm, i["volumes"]),
        "crossover_volume": silicon.crossing_volume(soc, soc_re, mcm, mcm_re),
        "soc_re": soc_re,
        "mcm_re": mcm_re,
        "nre_soc": soc,
        "nre_mcm": mcm,
    }


def google_die(i: Case) -> Case:
    x, y, saw = i["x_mm"], i["y_mm"], i["saw_mm"]
    dies = silicon.dies_per_wafer(x, y, law="google", scribe=saw)
    area = (x + saw) * (y + saw)
    good = silicon.die_yield(
        area, i["d0_per_cm2"], "bose-einstein", critical_layers=i["n"]
    )
    cost = silicon.known_good_die_cost(
        i["wafer_price"], dies, good, i["probe_cost"], whole=True
    )
    return {"gross": dies, "yield_": good, "die_cost": cost}


def assembly_scrap(i: Case) -> Case:
    started = np.sum(i["material"], axis=1)
    return {"scrap": silicon.scrap_of_started(started, i["step_yield"], 2)}


def product_path(i: Case) -> Case:
    volume = np.array(i["volume"])
    material = np.array(i["material"]) + np.array(i["substrate_unit"]) * volume
    tests = silicon.tested_material_factor(i["final_test_yield"], i["slt_yield"])
    yearly = sum(np.array(i[k]) for k in ("scrap", "operating", "ip", "quality"))
    variable = (tests * material + yearly) / volume + i["misc_unit"]
    first_year = np.where(np.arange(volume.size) == 0, 1.0, 0.0)
    nre = silicon.programme_nre(i["nre"], i["mask"]) * first_year
    cost = silicon.unit_cost(variable, nre, volume)
    return {"unit_cost": cost, "gross_margin": silicon.gross_margin(i["asp"], cost)}


def critical_area(i: Case) -> Case:
    given = i["area_mm2"], 100.0 * i["d0_per_mm2"], "negative-binomial"
    law = {
        "clustering": i["alpha"],
        "critical_area_ratio": i["critical_area_ratio"],
    }
    return {"yield_": silicon.die_yield(*given, **law)}


def b200(i: Case) -> Case:
    total = silicon.bill_of_materials(
        i["logic"], 1.0, i["hbm"], i["packaging"], i["other"], i["yield_loss"]
    )
    at = silicon.gross_margin(i["prices"], total)
    margins = {
        f"margin_at_{price / 1e3:.0f}k": margin
        for price, margin in zip(i["prices"], at, strict=True)
    }
    return {"total": total, "hbm_share": i["hbm"] / total} | margins


def h100(i: Case) -> Case:
    logic, hbm, packaging, test = i["parts"]
    total = silicon.bill_of_materials(logic, 1.0, hbm, packaging, test)
    return {
        "total": total,
        "margin": silicon.gross_margin(i["price"], total),
        "cost_per_tflop": total / i["tflops"],
    }


def dearer_memory(i: Case) -> Case:
    bom = np.array(i["bom"])
    new = silicon.cost_after_price_change(bom, i["hbm_share"], i["shock"])
    return {"new_bom": new, "pct": new / bom - 1.0}


def h100_dies(i: Case) -> Case:
    laws = {"actuary": "actuary", "hennessy_patterson": "hennessy-patterson"}
    sides = square(i["area_mm2"])
    return {
        name: silicon.dies_per_wafer(*sides, i["diameter_mm"], law=law)
        for name, law in laws.items()
    }


def margin_swap(i: Case) -> Case:
    price, margin = i["gpu_price_per_rack"], i["gm_gpu"]
    asic = silicon.price_at_other_margin(price, margin, i["gm_asic"])
    cost = price / silicon.markup(margin)
    return {
        "asic_price_per_rack": asic,
        "saving": (price - asic) / i["capex_per_rack"],
        "gpu_gp_share": (price - cost) / i["capex_per_rack"],
    }


CASES = {
    "mfg-dies-flynn": flynn,
    "mfg-hp-dies-yield": textbook,
    "mfg-yield-five-models": five_laws,
    "mfg-actuary-800": three_nodes,
    "mfg-actuary-volume-5nm": one_or_two,
    "mfg-actuary-volume-14nm": one_or_two,
    "mfg-actuary-re-split": split,
    "mfg-google-5nm-die": google_die,
    "mfg-google-assy-scrap": assembly_scrap,
    "mfg-google-unit-cost-path": product_path,
    "mfg-catch-layer-yield": critical_area,
    "mfg-b200-bom": b200,
    "mfg-b200-rd-per-unit": lambda i: {
        "nre_per_unit": silicon.unit_cost(0.0, i["nre"], i["units"])
    },
    "mfg-h100-bom": h100,
    "mfg-hbm-shock": dearer_memory,
    "mfg-h100-86-dies-trap": h100_dies,
    "mfg-gm-markup": lambda i: {"markup": silicon.markup(i["gm"])},
    "tco-bernstein-margin-swap-74": margin_swap,
    "tco-crusoe-margins": lambda i: {
        f"gm_{k}": silicon.gross_margin(i[f"price_{k}"], i[f"cost_{k}"])
        for k in ("in", "out")
    },
    "tco-power-share-rule": lambda i: {
        "tco_delta": silicon.cost_after_price_change(
            1.0, i["power_share"], i["perf_per_mw_delta"]
        )
        - 1.0
    },
    "e2e-anchor-effect": lambda i: {
        "unit_before": silicon.unit_cost(i["re_unit"], i["nre"], i["own_volume"]),
        "unit_after": silicon.unit_cost(
            i["re_unit"], i["nre"], i["own_volume"] + i["anchor_volume"]
        ),
    },
}
