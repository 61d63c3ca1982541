// A list that keeps the elements of items that did not change: a half-filled input or an open menu in one message
// survives the arrival of another.

export interface KeyedList<T> {
  /** Shows these items; elements are remade only where the item's JSON differs. */
  readonly show: (items: readonly T[]) => void;
  /** Forgets all elements, for instance when another person looks. */
  readonly clear: () => void;
}

export function createKeyedList<T>(
  place: HTMLElement,
  keyOf: (item: T) => string,
  draw: (item: T) => HTMLElement,
): KeyedList<T> {
  let drawn = new Map<string, { json: string; element: HTMLElement }>();
  return {
    show: (items) => {
      const follows = place.scrollHeight - place.scrollTop - place.clientHeight < 60;
      const next: typeof drawn = new Map();
      let previous: Element | null = null;
      for (const item of items) {
        const json = JSON.stringify(item);
        const old = drawn.get(keyOf(item));
        const element = old?.json === json ? old.element : draw(item);
        next.set(keyOf(item), { json, element });
        const expected: Element | null = previous ? previous.nextElementSibling : place.firstElementChild;
        if (expected !== element) place.insertBefore(element, expected);
        previous = element;
      }
      const kept = new Set([...next.values()].map((one) => one.element));
      for (const element of Array.from(place.children))
        if (!kept.has(element as HTMLElement)) element.remove();
      drawn = next;
      if (follows) place.scrollTop = place.scrollHeight;
    },
    clear: () => {
      drawn = new Map();
      place.replaceChildren();
      place.scrollTop = place.scrollHeight;
    },
  };
}
