// The templates of adaptive-cards/, read once: they lie beside the code, so that they open in Microsoft's designer.
import { readFileSync } from 'node:fs';
import type { Json } from './template.ts';

const folder = new URL('../../../adaptive-cards/', import.meta.url);
const read = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Json;

export const templates = {
  shell: read('shell'),
  heading: read('heading'),
  text: read('text'),
  facts: read('facts'),
  table: read('table'),
  chart: read('chart'),
  progress: read('progress'),
  status: read('status'),
  image: read('image'),
  actions: read('actions'),
  inputs: read('inputs'),
  context: read('context'),
  divider: read('divider'),
} as const;
