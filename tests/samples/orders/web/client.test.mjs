// Records a contract in each version of the Pact specification that pact-js writes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pact from '@pact-foundation/pact';
import { OrdersClient } from './client.mjs';
import { noted } from './noted.mjs';

const { Matchers, MatchersV2, Pact, PactV2, PactV3, SpecificationVersion } = pact;
const { eachLike, fromProviderState, integer, like, number, regex } = Matchers;
const dir = process.env.SERVANDA_PACT_DIR ?? new URL('../pacts', import.meta.url).pathname;

test('version 4: an order that the provider state creates', async () => {
  const interaction = new Pact({ consumer: 'web', provider: 'orders', dir })
    .addInteraction()
    .given('an order exists', { sku: 'B-7' })
    .uponReceiving('an order')
    .withRequest('GET', fromProviderState('/orders/${id}', '/orders/o-1'), (request) => {
      request.headers({ Accept: 'application/json' });
    })
    .willRespondWith(200, (response) => {
      response.jsonBody({ total: number(10.5), lines: eachLike({ sku: regex('[A-Z]-\\d+', 'A-1'), quantity: integer(1) }) });
    });
  await interaction.executeTest(async (server) => {
    assert.deepEqual(await new OrdersClient(server.url).order('o-1'), { total: 10.5, skus: ['A-1'] });
    await noted(server.url);
  });
});

test('version 4: an order that does not exist', async () => {
  const interaction = new Pact({ consumer: 'web', provider: 'orders', dir })
    .addInteraction()
    .given('no order exists')
    .uponReceiving('a missing order')
    .withRequest('GET', '/orders/o-1')
    .willRespondWith(404);
  await interaction.executeTest(async (server) => {
    assert.equal(await new OrdersClient(server.url).order('o-1'), undefined);
    await noted(server.url);
  });
});

test('version 3: an order is placed', async () => {
  const provider = new PactV3({
    consumer: 'kiosk', provider: 'orders', dir, spec: SpecificationVersion.SPECIFICATION_VERSION_V3,
  });
  provider.addInteraction({
    states: [{ description: 'no order exists' }],
    uponReceiving: 'an order is placed',
    withRequest: {
      method: 'POST',
      path: '/orders',
      headers: { 'Content-Type': 'application/json' },
      body: { lines: eachLike({ sku: like('A-1'), quantity: integer(2) }) },
    },
    willRespondWith: { status: 201, headers: { 'Content-Type': 'application/json' }, body: { id: regex('o-.+', 'o-1') } },
  });
  await provider.executeTest(async (server) => {
    assert.equal(await new OrdersClient(server.url).place([{ sku: 'A-1', quantity: 2 }]), 'o-1');
    await noted(server.url);
  });
});

test('version 2: an order is placed', async () => {
  const provider = new PactV2({ consumer: 'intranet', provider: 'orders', dir });
  await provider.setup();
  await provider.addInteraction({
    state: 'no order exists',
    uponReceiving: 'an order is placed',
    withRequest: {
      method: 'POST',
      path: '/orders',
      headers: { 'Content-Type': 'application/json' },
      body: { lines: [{ sku: 'A-1', quantity: 2 }] },
    },
    willRespondWith: { status: 201, body: { id: MatchersV2.term({ generate: 'o-1', matcher: 'o-.+' }) } },
  });
  assert.equal(await new OrdersClient(provider.mockService.baseUrl).place([{ sku: 'A-1', quantity: 2 }]), 'o-1');
  await noted(provider.mockService.baseUrl);
  await provider.verify();
  await provider.finalize();
});
