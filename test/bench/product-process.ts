// The product as it is started for real, both chats on one port, in a process of its own. Azure is configured but never
// asked: what is measured needs none.
import { readEnvironment } from '../../src/config/environment.ts';
import { start } from '../../src/main.ts';

const environment = readEnvironment();
await start(environment);
process.send?.({ url: `http://127.0.0.1:${environment.port}` });
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
