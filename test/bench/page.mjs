import { cells, headers } from './table.mjs';

/** The page of the documentation that shows the last full run; the plot lies beside it under the name `plot`. */
export function pageOf({ date, machine, versions, method, tables }, plot) {
  const facts = [
    `- ${machine.cores}, ${machine.memory}, ${machine.system}, load ${machine.load} at the beginning`,
    `- Node.js ${machine.node.slice(1)}, ${Object.entries(versions)
      .filter(([, version]) => version !== undefined)
      .map((entry) => entry.join(' '))
      .join(', ')}`,
  ];
  return `# What it costs, beside other clients

The last full run of \`npm run bench -- --write\`, which wrote this page on ${date}:

${facts.join('\n')}

The commands of a table run in turn, again and again, against one fast server on the same machine, so that whatever
else the machine does meets them all alike; the figures are medians. What counts is the processor time of the whole
process, as a ratio to the first command of the table: \`node -e 0\` is what every program written for Node.js costs,
\`curl\` and \`openssl\` are what the work itself costs. Goals are what must be reached, and what would be good.
Measured with ${method}.

![Processor time as a ratio to the first command of each table, on a logarithmic scale](${plot})

${tables.map(sectionOf).join('\n\n')}
`;
}

function sectionOf({ title, commands }) {
  const all = commands.map(cells);
  const used = headers.map((_, at) => at).filter((at) => at === 0 || all.some((row) => row[at] !== ''));
  const line = (row) => `| ${used.map((at) => row[at]).join(' | ')} |`;
  const names = ['', ...headers.slice(1)];
  const rule = used.map((at) => (at === 0 || headers[at] === 'goal' ? '---' : '---:'));
  return [`## ${title}`, '', line(names), `| ${rule.join(' | ')} |`, ...all.map(line)].join('\n');
}
