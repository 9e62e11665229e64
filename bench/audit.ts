/**
 * `npm run bench:audit`: a whole audit against `kubectl get pods -A -o json` on the same cluster, in
 * turn; how both grow with the number of pods; the start of `--help` against bare Node; and the
 * diagnosis of 10,000 findings. `--quick` stops at 1,000 pods.
 */
import { fileURLToPath } from 'node:url';
import { startControlPlane } from '../test/bed/control-plane.ts';
import { prepare, scaleTo } from './cluster.ts';
import { diagnosisMs } from './diagnosis.ts';
import { inTurn, median, type Pair } from './process.ts';

const quick = process.argv.includes('--quick');
const sizes = quick ? [1_000] : [1_000, 5_000, 10_000];
const runs = 7;
const evenkeel = fileURLToPath(new URL('../dist/evenkeel.cjs', import.meta.url));

interface Row {
  readonly pods: number;
  readonly ms: number;
  readonly mib: number;
  readonly kubectlMs: number;
  readonly kubectlMiB: number;
  readonly timeRatio: number;
  readonly memoryRatio: number;
}

function rowOf(pods: number, pairs: readonly Pair[]): Row {
  const of = (pick: (pair: Pair) => number): number => median(pairs.map(pick));
  return {
    pods,
    ms: of(({ ours }) => ours.wallMs),
    mib: of(({ ours }) => ours.peakMiB),
    kubectlMs: of(({ theirs }) => theirs.wallMs),
    kubectlMiB: of(({ theirs }) => theirs.peakMiB),
    timeRatio: of(({ ours, theirs }) => ours.wallMs / theirs.wallMs),
    memoryRatio: of(({ ours, theirs }) => ours.peakMiB / theirs.peakMiB),
  };
}

async function auditRows(): Promise<readonly Row[]> {
  const controlPlane = await startControlPlane();
  try {
    await prepare(controlPlane);
    const rows: Row[] = [];
    for (const pods of sizes) {
      await scaleTo(controlPlane, pods);
      // Let the controllers come to rest: they share the two cores with what is measured.
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      const { kubeconfig, bed } = controlPlane;
      const ours = [process.execPath, evenkeel, 'audit', '--kubeconfig', kubeconfig];
      const kubectl = [bed.kube, 'kubectl', '--kubeconfig', kubeconfig];
      const theirs = [...kubectl, 'get', 'pods', '-A', '-o', 'json'];
      const pairs = await inTurn(ours, theirs, runs);
      const failed = pairs.find(({ ours: { exitCode } }) => exitCode !== 0 && exitCode !== 1);
      if (failed) throw new Error(`the audit ended with ${failed.ours.exitCode}`);
      rows.push(rowOf(pods, pairs));
      console.log(lineOf(rows.at(-1) as Row));
    }
    return rows;
  } finally {
    await controlPlane.close();
  }
}

function lineOf(row: Row): string {
  const ours = `${(row.ms / 1000).toFixed(2)} s, ${row.mib.toFixed(0)} MiB`;
  const theirs = `${(row.kubectlMs / 1000).toFixed(2)} s, ${row.kubectlMiB.toFixed(0)} MiB`;
  const ratios = `${row.timeRatio.toFixed(2)} × its time, ${row.memoryRatio.toFixed(2)} × its memory`;
  return `${String(row.pods).padStart(6)} pods  audit ${ours}  kubectl ${theirs}  ${ratios}`;
}

/** What one more pod costs between two sizes. */
function marginal(rows: readonly Row[], pick: (row: Row) => number): number | undefined {
  const [small, middle, large] = rows;
  if (!small || !middle || !large) return undefined;
  const early = (pick(middle) - pick(small)) / (middle.pods - small.pods);
  const late = (pick(large) - pick(middle)) / (large.pods - middle.pods);
  return late / early;
}

const rows = await auditRows();
const time = marginal(rows, (row) => row.ms);
const memory = marginal(rows, (row) => row.mib);
if (time !== undefined && memory !== undefined) {
  console.log(
    `one more pod beyond 5,000 against below: ${time.toFixed(2)} × the time, ${memory.toFixed(2)} × the memory`,
  );
}
const start = await inTurn(
  [process.execPath, evenkeel, '--help'],
  [process.execPath, '-e', '0'],
  31,
);
const ratio = median(start.map(({ ours, theirs }) => ours.wallMs / theirs.wallMs));
console.log(`evenkeel --help: ${ratio.toFixed(2)} × the start of bare Node`);
console.log(`diagnosis of 10,000 findings: ${diagnosisMs().toFixed(0)} ms (median of 9)`);
