// Where everything stands on the stage: columns of nodes from left to right, in CSS pixels. Numbers in, numbers out.

const LARGEST = 40; // side of a node's map
const SMALLEST = 15; // where a layer is wide; the stage grows instead
const SMALLEST_TOUCHED = 24; // on a phone, where a finger has to meet it
const FILLED = 0.82; // share of a column that its nodes take
const TOP = 58; // room for the heads of the columns
const LABELS = 56; // room for the names of the inputs
const SCREEN = 540; // of a phone, with room for 16 neurons: what is taller is scrolled, as mlp.css says
const TIGHTEST = 38; // from column to column; where less is left, it is scrolled
const LOOSEST = 150;

// `width`: of the stage; `counts`: nodes of each column, inputs first, output last.
export function stageLayout(width, counts) {
  const narrow = width < 700;
  const side = narrow ? Math.min(width, 420) : Math.round(Math.min(410, Math.max(290, 0.41 * width)));
  const room = narrow ? width : width - side - 34;
  const steps = counts.length - 1;
  const pitch = Math.max(narrow ? TIGHTEST + 8 : TIGHTEST, (room - LABELS - Math.min(LARGEST, 30) - 14) / Math.max(1, steps));
  const crowd = (Math.max(...counts) * (narrow ? SMALLEST_TOUCHED : SMALLEST)) / FILLED;
  const height = Math.ceil(Math.max(narrow ? 320 : side + 28, 380, TOP + 8 + crowd));
  const columns = counts.map((count, at) => {
    const space = (height - TOP - 8) / count;
    const size = Math.floor(Math.min(LARGEST, FILLED * space, 0.62 * pitch));
    const gap = Math.min(space, size + 18);
    const seen = narrow && TOP + 8 + gap * count <= SCREEN ? Math.min(height, SCREEN) : height; // short columns stay in sight
    const first = TOP + (seen - TOP - 8 - gap * count) / 2 + (gap - size) / 2;
    const x = Math.round(LABELS + at * Math.min(pitch, steps > 1 ? 1e9 : 2 * LOOSEST));
    return { x, size, count, nodes: Array.from({ length: count }, (_, node) => ({ x, y: Math.round(first + node * gap), size })) };
  });
  const netWidth = Math.max(room, columns.at(-1).x + columns.at(-1).size + 12);
  return { key: `${width}: ${counts}`, narrow, side, height, width: Math.round(netWidth), columns, pitch };
}

// The curve of a link from one node to another: four points of a Bezier.
export function curve(from, to) {
  const [x0, y0] = [from.x + from.size, from.y + from.size / 2];
  const [x3, y3] = [to.x, to.y + to.size / 2];
  const bend = 0.5 * (x3 - x0);
  return [x0, y0, x0 + bend, y0, x3 - bend, y3, x3, y3];
}

// The distance of a place to such a curve, tried at some of its points.
export function distance([x0, y0, x1, y1, x2, y2, x3, y3], x, y) {
  if (x < x0 - 4 || x > x3 + 4) return Infinity;
  let least = Infinity;
  let [fromX, fromY] = [x0, y0];
  for (let at = 1; at <= 12; at++) {
    const t = at / 12;
    const u = 1 - t;
    const toX = u * u * u * x0 + 3 * u * u * t * x1 + 3 * u * t * t * x2 + t * t * t * x3;
    const toY = u * u * u * y0 + 3 * u * u * t * y1 + 3 * u * t * t * y2 + t * t * t * y3;
    least = Math.min(least, toSegment(fromX, fromY, toX, toY, x, y));
    [fromX, fromY] = [toX, toY];
  }
  return least;
}

function toSegment(x0, y0, x1, y1, x, y) {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const share = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
}
