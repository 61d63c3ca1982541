// The catalogue of a registry.
import { z } from 'zod';
import { catalogScope, type DataPlane } from './data-plane.ts';
import { parseAnswer } from './errors.ts';

const answer = z.object({ repositories: z.array(z.string()).nullish() });

/** Names of all repositories, all pages; `key` is the registry's name in errors. */
export async function listRepositories(plane: DataPlane, key: string): Promise<readonly string[]> {
  const names = await plane.list(
    '/acr/v1/_catalog?n=1000',
    catalogScope,
    (body) => parseAnswer(answer, body, `the repositories of '${key}'`).repositories ?? [],
  );
  return names.map(String);
}
