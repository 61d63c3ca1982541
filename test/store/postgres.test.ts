import { describe } from 'vitest';
import { storeContract } from './contract.ts';
import { isPostgresThere, postgresDatabase } from './databases.ts';

const isThere = await isPostgresThere('test/store/postgres.test.ts');

describe.skipIf(!isThere)('the store on PostgreSQL', () => storeContract(postgresDatabase));
