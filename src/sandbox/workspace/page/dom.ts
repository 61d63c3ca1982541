// The page's only way to make elements: text goes in as text, never as HTML, so that nothing a bot or a registry says
// can become markup.

export type Child = Node | string | number | false | null | undefined;
type Value = string | number | boolean | undefined | ((event: Event) => unknown);
export type Attributes = Record<string, Value>;

/** An element: `on...` attributes are listeners, `true` an empty attribute, `false` and undefined none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, attributes);
  element.append(...present(children));
  return element;
}

/** An SVG element. */
export function svg(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  apply(element, attributes);
  element.append(...present(children));
  return element;
}

function apply(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
}

function present(children: readonly Child[]): (Node | string)[] {
  return children
    .filter((one): one is Node | string | number => one !== null && one !== undefined && one !== false)
    .map((one) => (typeof one === 'number' ? String(one) : one));
}

let lastId = 0;
/** An id that no other element of the page has. */
export function newId(prefix: string): string {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

/** Two letters and a stable colour for a person or an app. */
export function avatar(name: string, isApp = false): HTMLElement {
  const letters = name
    .split(/[\s-]+/)
    .map((one) => one[0] ?? '')
    .join('')
    .slice(0, 2)
    .toUpperCase();
  const hue = Array.from(name).reduce((sum, one) => (sum * 31 + one.charCodeAt(0)) % 360, 7);
  const style = isApp
    ? 'background:linear-gradient(135deg,#0f6cbd,#0b4a82)'
    : `background:hsl(${hue} 42% 40%)`;
  return h('span', { class: isApp ? 'avatar app' : 'avatar', style, 'aria-hidden': 'true' }, letters);
}
