import type { Registry } from 'prom-client';

/** A histogram that costs a comparison and two additions per request: prom-client's own hashes its labels every time. */
export interface RequestTimes {
  /** For one route, so that nothing is looked up later. Seconds. */
  of(method: string, route: string): (status: number, seconds: number) => void;
}

const name = 'orderfold_http_request_duration_seconds';
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

interface Series {
  readonly labels: { readonly method: string; readonly route: string; readonly status: string };
  /** Per bound, not cumulative; the last one is beyond all bounds. */
  readonly counts: number[];
  sum: number;
}

/** Times of requests by method, route and class of status, as a Prometheus histogram in the registry. */
export function requestTimes(registry: Registry): RequestTimes {
  const all: Series[] = [];
  registry.registerMetric({
    name,
    help: 'Time from the request to its answer',
    type: 'histogram',
    get: async () => ({
      name,
      help: 'Time from the request to its answer',
      type: 'histogram',
      values: all.flatMap(samples),
    }),
  } as never);
  return {
    of: (method, route) => {
      const byClass: (Series | undefined)[] = [];
      const open = (status: number): Series => {
        const labels = { method, route, status: `${status}xx` };
        const series = { labels, counts: new Array<number>(bounds.length + 1).fill(0), sum: 0 };
        byClass[status] = series;
        all.push(series);
        return series;
      };
      return (status, seconds) => {
        const statusClass = Math.floor(status / 100);
        const series = byClass[statusClass] ?? open(statusClass);
        let at = 0;
        while (at < bounds.length && seconds > (bounds[at] ?? 0)) at += 1;
        series.counts[at] = (series.counts[at] ?? 0) + 1;
        series.sum += seconds;
      };
    },
  };
}

function samples({ labels, counts, sum }: Series) {
  let count = 0;
  const buckets = counts.map((more, at) => {
    count += more;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[at] ?? '+Inf' }, value: count };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
