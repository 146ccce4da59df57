"""The figures of the machinery, counted when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from wellkept.core import files, queries
from wellkept.core.clock import now
from wellkept.core.models import Fact, Seal

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)


class Machinery(Collector):
    """What waits, what was given up, who is alive."""

    def collect(self) -> Iterator[Metric]:
        at = now()
        backlog = queries.backlog(at=at)
        last_fact = Fact.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        last_seal = Seal.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        yield GaugeMetricFamily("wellkept_facts", "Number of the last line of the service book.", last_fact)
        yield GaugeMetricFamily("wellkept_facts_unsealed", "Lines not yet in the chain.", max(0, last_fact - last_seal))
        yield GaugeMetricFamily("wellkept_deliveries_owed", "Reactions that have not run yet.", backlog.deliveries)
        yield GaugeMetricFamily(
            "wellkept_deliveries_oldest_seconds", "Age of the oldest of them.", backlog.oldest.total_seconds()
        )
        yield GaugeMetricFamily("wellkept_deliveries_dead", "Reactions given up; a person must look.", backlog.dead)
        yield GaugeMetricFamily("wellkept_disk_free_bytes", "Free where the data folder is.", files.free_bytes())
        outgoing = GaugeMetricFamily("wellkept_outgoing", "Things that must leave, by state.", labels=["state"])
        for state, many in backlog.outgoing.items():
            outgoing.add_metric([state], many)
        yield outgoing
        heard = GaugeMetricFamily(
            "wellkept_heartbeat_age_seconds", "How long ago a process was heard.", labels=["kind", "name"]
        )
        for heartbeat in queries.beating():
            heard.add_metric([heartbeat.kind, heartbeat.name], max(0.0, (at - heartbeat.beat_at).total_seconds()))
        yield heard
        runs = GaugeMetricFamily(
            "wellkept_schedule_failing", "1 where the last run of a schedule failed.", labels=["name"]
        )
        for run in queries.scheduled_runs():
            runs.add_metric([run.name], 1 if run.error else 0)
        yield runs


REGISTRY.register(Machinery())
