// Runs in the browser: looks at one drawn sample and names what cannot be read: text that is cut or runs out of its place,
// words too pale on their ground, and blocks that could not be drawn.

type Colour = readonly [red: number, green: number, blue: number, alpha: number];

/** WCAG 2.2, AA: 4.5 to 1, and 3 to 1 for large text. */
const wanted = { small: 4.5, large: 3 } as const;
const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });

const painted = new Map<string, Colour>();

/** Any CSS colour as the browser paints it; asked once, for reading a pixel back is slow. */
function paint(css: string): Colour {
  const known = painted.get(css) ?? readPixel(css);
  painted.set(css, known);
  return known;
}

function readPixel(css: string): Colour {
  if (!canvas) throw new Error('no canvas');
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = css;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, alpha / 255];
}

function over([r, g, b, alpha]: Colour, below: Colour): Colour {
  const mix = (top: number, under: number): number => top * alpha + under * (1 - alpha);
  return [mix(r, below[0]), mix(g, below[1]), mix(b, below[2]), 1];
}

function groundOf(element: Element): Colour {
  const own = paint(getComputedStyle(element).backgroundColor);
  if (own[3] === 1) return own;
  return over(own, element.parentElement ? groundOf(element.parentElement) : [255, 255, 255, 1]);
}

function luminance([red, green, blue]: Colour): number {
  const part = (value: number): number =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
}

function contrast(one: Colour, other: Colour): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** What is not well with a sample; empty where all of it can be read. */
export function lookAt(sample: HTMLElement): readonly string[] {
  const title = sample.querySelector('figcaption')?.textContent ?? '';
  const found = new Set<string>();
  for (const element of sample.querySelectorAll<HTMLElement>('.pane *')) {
    const text = [...element.childNodes]
      .filter((node) => node.nodeType === Node.TEXT_NODE)
      .map((node) => node.textContent ?? '')
      .join('')
      .trim();
    if (element.closest('.unknown')) found.add(`is not drawn: ${element.textContent}`);
    if (isCut(element)) found.add(`is cut or has to be scrolled: ${element.textContent?.slice(0, 60)}`);
    if (text === '' || element.closest('svg, [hidden], option')) continue;
    for (const problem of problemsOf(element)) found.add(`${problem}: ${text.slice(0, 60)}`);
    for (const word of brokenWords(element)) found.add(`breaks the word ${word}`);
  }
  return [...found].map((problem) => `${title}: ${problem}`);
}

/** Words that stand on two lines although they have nowhere to be broken. Digests in full may be. */
function brokenWords(element: HTMLElement): readonly string[] {
  const range = document.createRange();
  return [...element.childNodes].flatMap((node) =>
    node.nodeType === Node.TEXT_NODE
      ? [...(node.textContent ?? '').matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]{2,16}(?![\p{L}\p{N}])/gu)]
          .filter(({ index, 0: word }) => {
            range.setStart(node, index);
            range.setEnd(node, index + word.length);
            const tops = [...range.getClientRects()].map(({ top }) => top);
            return Math.max(...tops) - Math.min(...tops) > 4;
          })
          .map(([word]) => word)
      : [],
  );
}

const isCut = (element: HTMLElement): boolean =>
  element.clientWidth > 0 &&
  getComputedStyle(element).overflowX !== 'visible' &&
  !element.matches('textarea, input, select') &&
  element.scrollWidth > element.clientWidth + 1;

function problemsOf(element: HTMLElement): readonly string[] {
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const pane = element.closest('.pane')?.getBoundingClientRect();
  if (box.width === 0 || style.visibility === 'hidden' || element.closest('[aria-hidden]')) return [];
  const size = Number.parseFloat(style.fontSize);
  const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
  const ground = groundOf(element);
  const ratio = contrast(over(paint(style.color), ground), ground);
  return [
    ...(ratio < (isLarge ? wanted.large : wanted.small) ? [`too pale (${ratio.toFixed(1)} to 1)`] : []),
    ...(pane && (box.right > pane.right + 1 || box.left < pane.left - 1) ? ['runs out of its place'] : []),
  ];
}
