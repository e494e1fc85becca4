// The mock server of the Pact core answers a moment before it notes what it was asked. On a busy machine a test ends
// within that moment, and the library says that nothing was asked.
import core from '@pact-foundation/pact-core';

const servers = core.makeConsumerPact('nobody', 'nobody');

/** Waits until the mock server at a URL has noted all that it expects, for two seconds. */
export async function noted(url) {
  const end = Date.now() + 2000;
  while (!servers.mockServerMatchedSuccessfully(Number(new URL(url).port)) && Date.now() < end) {
    await new Promise((done) => setImmediate(done));
  }
}
