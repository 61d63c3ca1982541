// How far a walk through repositories is, on one line that is drawn over itself; where nobody looks, nothing.
import type { Show } from '../../ports.ts';
import { readText } from '../../cards/filling-card.ts';

const width = 20;

/** `show` draws the line, where the stream is a terminal; `clear` takes it away. */
export function progressBar(stream: { readonly isTTY?: boolean; write(text: string): unknown }): {
  readonly show: Show;
  clear(): void;
} {
  let isDrawn = false;
  const draw = (line: string): void => void stream.write(`\r\u001b[K${line}`);
  return {
    show: async (_soFar, progress) => {
      if (!stream.isTTY || !progress) return undefined;
      isDrawn = true;
      const full = progress.total === 0 ? 0 : Math.round((width * progress.done) / progress.total);
      draw(`[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${readText(progress)}`);
      return undefined;
    },
    clear: () => {
      if (isDrawn) draw('');
      isDrawn = false;
    },
  };
}
