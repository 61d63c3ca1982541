// An alarm about what happened in a production registry past this product: what, where, when, and what to do now.
import { type Card, datetime } from './card.ts';

export interface RegistryAlarm {
  readonly title: string;
  /** Why it is one, in a sentence. */
  readonly why: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
  /** As the registry says, in milliseconds. */
  readonly at: number;
}

export function registryAlarmCard(alarm: RegistryAlarm): Card {
  const { title, why, registry, repository, tag, digest, at } = alarm;
  const reference = tag === undefined ? repository : `${repository}:${tag}`;
  const next = `Look at it with: /acr image ${reference}`;
  return {
    name: 'registry-alarm',
    title,
    summary: `${title}: ${reference}. ${why}`,
    blocks: [
      { kind: 'heading', text: title },
      { kind: 'status', tone: 'bad', label: 'Look at it', text: `${why} ${next}` },
      { kind: 'image', label: registry, reference, ...(digest !== undefined && { digest }) },
      { kind: 'facts', facts: [{ label: 'Happened', value: [datetime(at)] }] },
    ],
  };
}
