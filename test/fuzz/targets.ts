// Every place where outside text or bytes come in.
import { evidenceTargets } from './evidence-targets.ts';
import { fileTargets } from './file-targets.ts';
import type { Target } from './harness.ts';
import { productTargets } from './product-targets.ts';
import { wireTargets } from './wire-targets.ts';

export const targets: readonly Target[] = [
  ...fileTargets,
  ...evidenceTargets,
  ...wireTargets,
  ...productTargets,
];
