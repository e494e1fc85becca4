// Writes contracts with pact-js: one interaction for each matcher and each place where a matcher can be.
// Usage: node write.mjs FOLDER, beside the packages of tests/samples/orders/web.
import http from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pact from '@pact-foundation/pact';
import { noted } from './noted.mjs';

const FOLDER = process.argv[2];
const { Matchers: M, MatchersV2: v2, MessageConsumerPact, Pact, PactV2, PactV3, SpecificationVersion, XmlBuilder } = pact;

const BODIES_V2 = {
  equality: 'fixed',
  type: v2.like('a'),
  'type-object': v2.like({ id: 1, name: 'a' }),
  regex: v2.term({ generate: 'red', matcher: 'red|blue' }),
  'each-like': v2.eachLike({ id: v2.integer(1) }, { min: 2 }),
  integer: v2.integer(1),
  decimal: v2.decimal(1.5),
  boolean: v2.boolean(true),
  string: v2.string('a'),
  uuid: v2.uuid(),
  ipv4: v2.ipv4Address(),
  ipv6: v2.ipv6Address(),
  hexadecimal: v2.hexadecimal(),
  email: v2.email(),
  'iso-datetime': v2.iso8601DateTime(),
  'iso-datetime-millis': v2.iso8601DateTimeWithMillis(),
  'iso-date': v2.iso8601Date(),
  'iso-time': v2.iso8601Time(),
  rfc1123: v2.rfc1123Timestamp(),
};
const REQUESTS_V2 = {
  path: { method: 'GET', path: v2.term({ generate: '/path/7', matcher: '/path/\\d+' }) },
  query: { method: 'GET', path: '/query', query: { q: v2.term({ generate: 'aa', matcher: 'a+' }), many: ['1', '2'] } },
  'request-header': { method: 'GET', path: '/request-header', headers: { 'X-Id': v2.term({ generate: '7', matcher: '\\d+' }) } },
  'request-body': {
    method: 'POST', path: '/request-body', headers: { 'Content-Type': 'application/json' }, body: { id: v2.integer(7), tags: v2.eachLike('a') },
  },
};
const BODIES_V3 = {
  equality: 'fixed',
  type: M.like('a'),
  'type-object': M.like({ id: 1, name: 'a' }),
  regex: M.regex('red|blue', 'red'),
  'each-like': M.eachLike({ id: M.integer(1) }, 2),
  'at-least': M.atLeastLike('a', 2, 3),
  'at-most': M.atMostLike('a', 3, 2),
  constrained: M.constrainedArrayLike('a', 1, 3, 2),
  integer: M.integer(1),
  decimal: M.decimal(1.5),
  number: M.number(1),
  boolean: M.boolean(true),
  string: M.string('a'),
  uuid: M.uuid('e2490de5-5bd3-43d5-b7c4-526e33f71304'),
  'explicit-equal': M.like({ fixed: M.equal('fixed'), free: 'a' }),
  datetime: M.datetime("yyyy-MM-dd'T'HH:mm:ssX", '2026-01-31T10:00:00Z'),
  date: M.date('yyyy-MM-dd', '2026-01-31'),
  time: M.time('HH:mm', '10:30'),
  includes: M.includes('part'),
  null: M.nullValue(),
  url: M.url2('http://localhost:8080', ['users', M.regex('\\d+', '7'), 'posts']),
  'array-containing': M.arrayContaining({ id: M.integer(1), kind: 'a' }, { id: M.integer(2), kind: 'b' }),
  'each-key-like': M.eachKeyLike('key', M.integer(1)),
  'state-value': M.fromProviderState('${id}', '1'),
};
const BODIES_V4 = {
  ...BODIES_V3,
  'each-key-matches': M.eachKeyMatches({ ab: 'x' }, [M.regex('[a-z]{2}', 'ab')]),
  'each-value-matches': M.eachValueMatches({ ab: 'x' }, [M.like('x')]),
};

// What is not about the JSON body of an answer.
const REQUESTS_V3 = {
  path: { request: { method: 'GET', path: M.regex('/path/\\d+', '/path/7') } },
  query: { request: { method: 'GET', path: '/query', query: { q: M.regex('a+', 'aa'), many: ['1', '2'] } } },
  'request-header': { request: { method: 'GET', path: '/request-header', headers: { 'X-Id': M.regex('\\d+', '7') } } },
  'request-body': { request: { method: 'POST', path: '/request-body', body: { id: M.integer(7), tags: M.eachLike('a') } } },
  'state-in-path': { state: 'a thing exists', request: { method: 'GET', path: M.fromProviderState('/things/${id}', '/things/1') } },
  'state-in-body': { state: 'a thing exists', request: { method: 'POST', path: '/state-in-body', body: { id: M.fromProviderState('${id}', '1') } } },
  'answer-header': { answer: { status: 200, headers: { 'X-Kind': M.regex('a|b', 'a') } } },
  'empty-answer': { answer: { status: 204 } },
};
// For version 4 pact-js writes a list of values as one, ["a","b"], and of a body that is no JSON only its media type.
const ANSWERS_V3 = {
  'answer-headers': { answer: { status: 200, headers: { 'X-Many': ['a', 'b'] } } },
  'text-body': { answer: { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'hello' } },
};
const ANSWERS_V4 = {
  'text-of-a-type': { answer: { status: 200, body: 'hello' } },
  'status-class': { answer: { status: M.matchStatus(200, 'success') } },
  'status-codes': { answer: { status: M.matchStatus(200, [200, 201]) } },
};

const plain = (value) => M.reify(value);

async function call(url, request) {
  const query = request.query
    ? '?' + Object.entries(plain(request.query)).flatMap(([k, vs]) => [vs].flat().map((v) => `${k}=${v}`)).join('&') : '';
  const body = request.body === undefined ? undefined : JSON.stringify(plain(request.body));
  const headers = { ...plain(request.headers ?? {}), ...(body ? { 'Content-Type': 'application/json' } : {}) };
  const target = url + M.matcherValueOrString(plain(request.path)) + query;
  // One connection for each request: the mock server of an interaction ends with it.
  await new Promise((resolve, reject) => {
    const sent = http.request(target, { method: request.method, headers, agent: false }, (answer) => answer.resume().on('end', resolve));
    sent.on('error', reject).end(body);
  });
  await noted(url);
}

async function writeV2() {
  for (const [name, value] of Object.entries(BODIES_V2)) {
    await writeOneV2(name, { method: 'GET', path: `/${name}` }, {
      status: 200, headers: { 'Content-Type': 'application/json; charset=utf-8' }, body: { value },
    });
  }
  for (const [name, request] of Object.entries(REQUESTS_V2)) await writeOneV2(name, request, { status: 200 });
}

async function writeOneV2(name, request, answer) {
  // One for each: a second mock server on the port of the first one fails now and then.
  const provider = new PactV2({ consumer: 'web-v2', provider: 'things', dir: FOLDER, logLevel: 'error' });
  await provider.setup();
  await provider.addInteraction({ state: 'things', uponReceiving: name, withRequest: request, willRespondWith: answer });
  const [path, query, headers, body] = [request.path, request.query, request.headers, request.body].map((part) => part && v2.extractPayload(part));
  await call(provider.mockService.baseUrl, { method: request.method, path, query, headers, body });
  await provider.verify();
  await provider.finalize();
}

async function write(spec, consumer, bodies, others) {
  for (const [name, value] of Object.entries(bodies)) {
    const request = { method: 'GET', path: `/${name}` };
    const provider = new PactV3({ consumer, provider: 'things', dir: FOLDER, spec, logLevel: 'error' });
    await provider.addInteraction({
      states: [{ description: 'a thing exists', parameters: { kind: 'a' } }], uponReceiving: name, withRequest: request,
      willRespondWith: { status: 200, headers: { 'Content-Type': 'application/json' }, body: { value } },
    }).executeTest((server) => call(server.url, request));
  }
  for (const [name, { state, request = { method: 'GET', path: `/${name}` }, answer = { status: 200 } }] of Object.entries(others)) {
    const provider = new PactV3({ consumer, provider: 'things', dir: FOLDER, spec, logLevel: 'error' });
    await provider.addInteraction({
      states: state ? [{ description: state }] : [], uponReceiving: name, withRequest: request, willRespondWith: answer,
    }).executeTest((server) => call(server.url, request));
  }
}

async function writeV4() {
  const things = () => new Pact({ consumer: 'web-v4', provider: 'things', dir: FOLDER, logLevel: 'error' });
  for (const [name, value] of Object.entries(BODIES_V4)) {
    await things().addInteraction().given('a thing exists', { kind: 'a' }).uponReceiving(name)
      .withRequest('GET', `/${name}`)
      .willRespondWith(200, (answer) => { answer.jsonBody({ value }); })
      .executeTest((server) => call(server.url, { method: 'GET', path: `/${name}` }));
  }
  for (const [name, { state, request = { method: 'GET', path: `/${name}` }, answer = { status: 200 } }] of Object.entries({ ...REQUESTS_V3, ...ANSWERS_V4 })) {
    let begun = things().addInteraction();
    if (state) begun = begun.given(state);
    await begun.uponReceiving(name)
      .withRequest(request.method, request.path, (asked) => {
        if (request.query) asked.query(request.query);
        if (request.headers) asked.headers(request.headers);
        if (request.body) asked.jsonBody(request.body);
      })
      .willRespondWith(answer.status, (answered) => {
        if (answer.headers) answered.headers(answer.headers);
        if (answer.body) answered.body('text/plain', Buffer.from(answer.body));
      })
      .executeTest((server) => call(server.url, request));
  }
  const get = (name) => ({ method: 'GET', path: `/${name}` });
  await things().addInteraction().uponReceiving('pending').pending(true).comment('not there yet').testName('a test')
    .reference('tracker', 'ticket', '7').withRequest('GET', '/pending').willRespondWith(200)
    .executeTest((server) => call(server.url, get('pending')));
  await things().addInteraction().uponReceiving('xml').withRequest('GET', '/xml')
    .willRespondWith(200, (answer) => { answer.xmlBody(xml()); }).executeTest((server) => call(server.url, get('xml')));
  const folder = mkdtempSync(join(tmpdir(), 'write-'));
  writeFileSync(join(folder, 'one.png'), Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'));
  await things().addInteraction().uponReceiving('binary').withRequest('GET', '/binary')
    .willRespondWith(200, (answer) => { answer.binaryFile('image/png', join(folder, 'one.png')); })
    .executeTest((server) => call(server.url, get('binary')));
  await things().addInteraction().uponReceiving('form').withRequest('GET', '/form')
    .willRespondWith(200, (answer) => { answer.body('application/x-www-form-urlencoded', Buffer.from('a=1&b=2')); })
    .executeTest((server) => call(server.url, get('form')));
  rmSync(folder, { recursive: true });
}

function xml() {
  return new XmlBuilder('1.0', 'UTF-8', 'things').build((root) => {
    root.eachLike('thing', { id: M.integer(1), kind: 'a' }, (thing) => {
      thing.appendElement('name', {}, M.string('one'));
    });
  });
}

async function writeMessages() {
  const bodies = { type: M.like('a'), regex: M.regex('red|blue', 'red'), 'each-like': M.eachLike({ id: M.integer(1) }, 2) };
  for (const [name, value] of Object.entries(bodies)) {
    const messages = new MessageConsumerPact({ consumer: 'mail-v3', provider: 'things', dir: FOLDER, logLevel: 'error' });
    await messages.given('a thing was made').expectsToReceive(name).withContent({ value })
      .withMetadata({ topic: 'things', key: 'a' }).verify(async () => {});
  }
  for (const [name, value] of Object.entries(BODIES_V4)) {
    const messages = new Pact({ consumer: 'mail-v4', provider: 'things', dir: FOLDER, logLevel: 'error' });
    await messages.addAsynchronousInteraction().given('a thing was made').expectsToReceive(name, (event) => {
      event.withJSONContent({ value }).withMetadata({ topic: 'things', key: 'a' });
    }).executeTest(async () => {});
  }
}

await writeV2();
await write(SpecificationVersion.SPECIFICATION_VERSION_V3, 'web-v3', BODIES_V3, { ...REQUESTS_V3, ...ANSWERS_V3 });
await writeV4();
await writeMessages();
