// The body of a Resource Graph request: unknown until this schema accepts it.
import { z } from 'zod';
import { limits } from './limits.ts';

const optionsSchema = z.object({
  $top: z.number().int().min(1).max(limits.pageRows).default(limits.pageRows),
  $skip: z.number().int().min(0).default(0),
  $skipToken: z.string().optional(),
  resultFormat: z.enum(['objectArray', 'table']).default('objectArray'),
  authorizationScopeFilter: z
    .enum(['AtScopeAndBelow', 'AtScopeAndAbove', 'AtScopeExact', 'AtScopeAboveAndBelow'])
    .default('AtScopeAndBelow'),
});

/** An accepted request; API version 2024-04-01. */
export const requestSchema = z.object({
  query: z.string().trim().min(1),
  subscriptions: z.array(z.string()).optional(),
  managementGroups: z.array(z.string()).optional(),
  options: optionsSchema.default(optionsSchema.parse({})),
});

export type GraphRequest = z.infer<typeof requestSchema>;

/** Which rows a request may see. */
export interface RequestScope {
  readonly subscriptions: readonly string[] | undefined;
  readonly managementGroups: readonly string[] | undefined;
  readonly authorizationScopeFilter: GraphRequest['options']['authorizationScopeFilter'];
}

export function scopeOfRequest(request: GraphRequest): RequestScope {
  const { subscriptions, managementGroups, options } = request;
  return { subscriptions, managementGroups, authorizationScopeFilter: options.authorizationScopeFilter };
}
