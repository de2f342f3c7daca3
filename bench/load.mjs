import { createInterface } from 'node:readline';
import autocannon from 'autocannon';

// Takes {url, key, paths, connections, seconds} as lines of JSON, answers {perSecond, p50, p99, failed}; latencies in ms.
createInterface(process.stdin).on('line', async (line) => {
  const { url, key, paths, connections, seconds } = JSON.parse(line);
  const headers = { authorization: `Bearer ${key}` };
  const requests = paths.map((path) => ({ method: 'GET', path, headers }));
  const { errors, non2xx, latency, ...measured } = await autocannon({ url, connections, duration: seconds, requests });
  const perSecond = measured.requests.total / measured.duration;
  console.log(JSON.stringify({ perSecond, p50: latency.p50, p99: latency.p99, failed: errors + non2xx }));
});
