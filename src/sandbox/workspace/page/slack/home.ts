// The App Home of the Slack side: what the app published for this person. Drawn anew only when it was published anew.
import type { Json } from '../../shapes.ts';
import { h } from '../dom.ts';
import { objects, words } from '../json.ts';
import { drawBlocks } from './blocks.ts';
import type { BlockContext } from './context.ts';

export interface Home {
  readonly element: HTMLElement;
  readonly show: (view: Json | undefined, contextOf: (viewId: string) => BlockContext) => void;
}

export function createHome(): Home {
  const element = h('div', { class: 'feed home blocks', hidden: true, 'data-testid': 'slack-home-view' });
  let drawn: string | undefined;
  return {
    element,
    show: (view, contextOf) => {
      const mark = view ? `${words(view['id'])} ${words(view['hash'])}` : '';
      if (mark === drawn) return;
      drawn = mark;
      const empty = (): HTMLElement => h('p', { class: 'empty' }, 'The app has not published a Home yet.');
      element.replaceChildren(
        ...(view ? drawBlocks(objects(view['blocks']), contextOf(words(view['id']))) : [empty()]),
      );
    },
  };
}
