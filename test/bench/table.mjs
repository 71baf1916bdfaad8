/** What is told of each command, but for its name. */
export const headers = ['', 'CPU', 'ratio', 'goal', 'wall', 'ratio', 'memory', 'goal', 'requests'];

/** The figures of one command in words, in the order of the headers; what was not measured is empty. */
export const cells = ({ name, cpu, wall, memory, ratio, requests, connections, goal = {} }) => [
  name,
  time(cpu),
  times(ratio.cpu),
  verdict(ratio.cpu, goal.cpu),
  time(wall),
  times(ratio.wall),
  Number.isNaN(memory) ? '' : `${memory.toFixed(0)} MiB`,
  verdict(memory, goal.memory),
  requests === 0 ? '' : `${requests} on ${connections}`,
];

/** One comparison as an aligned table. */
export function tableOf(title, results) {
  const rows = results.map(cells);
  const table = [[title, ...headers.slice(1)], ...rows];
  const filled = headers
    .map((_, column) => column)
    .filter((column) => rows.some((row) => row[column] !== ''));
  const widths = headers.map((_, column) => Math.max(...table.map((row) => row[column].length)));
  const line = (row) =>
    filled
      .map((column) =>
        headers[column] === 'goal' || column === 0
          ? row[column].padEnd(widths[column])
          : row[column].padStart(widths[column]),
      )
      .join('  ')
      .trimEnd();
  const rule = filled.map((column) => '─'.repeat(widths[column])).join('──');
  return [line(table[0]), rule, ...rows.map(line)].join('\n');
}

const time = (ms) => (ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toPrecision(3)} s`);

const times = (ratio) => `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)} ×`;

/** How far a figure has come, as it is shown; none where nothing was measured or nothing is wanted. */
function verdict(figure, goal) {
  if (goal === undefined || Number.isNaN(figure)) return '';
  const [must, good] = goal;
  const shown = Number(figure.toFixed(2));
  if (shown <= good) return `good (≤ ${good})`;
  return shown <= must ? `met (≤ ${must}), not ${good}` : `MISSED (≤ ${must})`;
}
