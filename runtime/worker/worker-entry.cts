/**
 * What Piscina loads into each of its threads. CommonJS on purpose: Piscina tries require() first, and a thread that is terminated while
 * require() loads an ES module takes the whole process with it (Node 20.20). A thread that import() loads in may end at any time.
 */
const loading = import("./worker-main.js"); // before there is a job
loading.catch(() => {}); // whoever awaits it is told

async function live(start: unknown): Promise<void> {
  const main = await loading;
  await main.default(start as Parameters<typeof main.default>[0]); // what the pool's only caller sends
}

module.exports = live;
