/** What Piscina loads into each thread of an actor system. Why it is CommonJS: worker/worker-entry.cts. */
const loading = import("./actor-worker-main.js"); // before there is a job
loading.catch(() => {}); // whoever awaits it is told

async function live(start: unknown): Promise<void> {
  const main = await loading;
  await main.default(start as Parameters<typeof main.default>[0]); // what the pool's only caller sends
}

module.exports = live;
