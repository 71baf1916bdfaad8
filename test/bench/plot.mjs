/**
 * A bar for each command of each table that has other programs in it: its processor time as a ratio to the first
 * one's, on a logarithmic scale.
 */
export function plotOf(tables) {
  const isOther = ({ name }) => !/^(node|tglance) /.test(name);
  const shown = tables.filter(({ commands }) => commands.some(isOther));
  const lines = shown.flatMap(({ title, commands }) => [
    { title },
    ...commands.map((command, at) => ({ command, isFirst: at === 0 })),
  ]);
  const height = lines.length * step + shown.length * gap + edge;
  let y = 0;
  const body = lines.map((line) => {
    y += line.title === undefined ? step : step + gap;
    return line.title === undefined ? bar(line, y) : text(edge, y, escaped(line.title), 'class="title"');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>Processor time beside other programs</title>
<style>
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.label { text-anchor: end }
.ours { fill: #0969da }
.first { fill: #9a9a9a }
.peer { fill: #d4a72c }
</style>
<rect width="100%" height="100%" fill="#fff"/>
${body.join('\n')}
</svg>
`;
}

const width = 760;
const edge = 16;
const step = 20;
const gap = 12;
/** Where bars begin, and how long one is for each factor of ten. */
const left = 300;
const decade = 140;

function bar({ command: { name, ratio }, isFirst }, y) {
  // a ratio of one has a length, too
  const length = Math.max(1, (Math.log10(ratio.cpu) + 0.3) * decade);
  const kind = isFirst ? 'first' : name.startsWith('tglance') ? 'ours' : 'peer';
  return [
    text(left - 8, y, escaped(name), 'class="label"'),
    `<rect class="${kind}" x="${left}" y="${y - 7}" width="${length.toFixed(1)}" height="14"/>`,
    text(left + length + 6, y, ratio.cpu < 10 ? ratio.cpu.toFixed(2) : ratio.cpu.toFixed(0)),
  ].join('\n');
}

const text = (x, y, words, more = '') => `<text x="${Math.round(x)}" y="${y + 4}" ${more}>${words}</text>`;

const escaped = (words) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
