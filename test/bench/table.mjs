/** One comparison as an aligned table. */
export function tableOf(title, results) {
  const rows = results.map(({ name, cpu, wall, memory, ratio, requests, connections, goal = {} }) => [
    name,
    time(cpu),
    times(ratio.cpu),
    verdict(ratio.cpu, goal.cpu),
    time(wall),
    times(ratio.wall),
    Number.isNaN(memory) ? '' : `${memory.toFixed(0)} MiB`,
    verdict(memory, goal.memory),
    requests === 0 ? '' : `${requests} on ${connections}`,
  ]);
  const headers = [title, 'CPU', 'ratio', 'goal', 'wall', 'ratio', 'memory', 'goal', 'requests'];
  const table = [headers, ...rows];
  const filled = headers
    .map((_, column) => column)
    .filter((column) => rows.some((row) => row[column] !== ''));
  const widths = headers.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) =>
    filled
      .map((column) =>
        left.has(headers[column]) || column === 0
          ? row[column].padEnd(widths[column])
          : row[column].padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  const rule = filled.map((column) => '─'.repeat(widths[column])).join('──');
  return [line(headers), rule, ...rows.map(line)].join('\n');
}

const left = new Set(['goal']);

const time = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toPrecision(3)} s`);

const times = (ratio) => `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)} ×`;

/** How far a figure has come; none where nothing was measured or nothing is wanted. */
function verdict(figure, goal) {
  if (goal === undefined || Number.isNaN(figure)) return '';
  const [must, good] = goal;
  if (figure <= good) return `good (≤ ${good})`;
  return figure <= must ? `met (≤ ${must}), not ${good}` : `MISSED (≤ ${must})`;
}
