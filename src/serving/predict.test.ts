import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandContext } from '#platform/cli';
import { servingCommands } from './commands.ts';
import { parseCsv, writeCsv } from './delimited-text.ts';
import { formatOf, parseRows, writeRows } from './prediction-rows.ts';
import { aDeployment, aModel, anEndpoint, aPlaneHouse, aRuntime, loaded, logistic, type PlaneHouse } from './serving.fixtures.ts';

const people = loaded(aModel());
const folder = mkdtempSync(join(tmpdir(), 'gyre-predict-'));
let house: PlaneHouse;

beforeAll(async () => {
  house = await aPlaneHouse({ runtime: aRuntime([people]) });
  await house.plane.apply({ version: 1, endpoints: [anEndpoint([aDeployment(people)])] });
});

afterAll(async () => {
  await house.close();
  rmSync(folder, { recursive: true, force: true });
});

async function predict(args: readonly string[], more: { flags?: CommandContext['flags']; json?: boolean } = {}) {
  const answers: string[] = [];
  const command = servingCommands.find((candidate) => candidate.name === 'predict');
  const context: CommandContext = {
    args,
    flags: more.flags ?? {},
    json: more.json ?? false,
    io: { isTerminal: false, answer: (text) => void answers.push(text), note: () => undefined, table: () => undefined },
    call: () => Promise.reject(new Error('predict speaks the inference protocol')),
    serverUrl: house.url,
    project: () => Promise.resolve('p'),
    signal: new AbortController().signal,
    dataFolder: folder,
  };
  return { code: await command?.run(context), answer: answers.join('\n') };
}

function aFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe('gyre predict', () => {
  test('scores the rows of a CSV in order, empty fields missing, and keeps their columns', async () => {
    const file = aFile('people.csv', 'who,age,colour\nann,2,blue\nbob,,\n"c, d",0.5,red\n');

    const { code, answer } = await predict(['people', file]);

    expect(code).toBe(0);
    expect(answer.split('\n')).toEqual([
      'who,age,colour,probability,prediction',
      `ann,2,blue,${String(logistic(1))},1`,
      'bob,,,0.5,1',
      `"c, d",0.5,red,${String(logistic(0.5))},1`,
    ]);
  });

  test('scores more rows than one request takes, into a file of another form', async () => {
    const rows = Array.from({ length: 1234 }, (_, row) => ({ age: row / 1024, colour: 'red' }));
    const out = join(folder, 'scored.json');

    await predict(['people', aFile('many.ndjson', rows.map((row) => JSON.stringify(row)).join('\n'))], { flags: { out } });

    const scored = JSON.parse(readFileSync(out, 'utf8')) as { age: number; probability: number }[];
    expect(scored.length).toBe(1234);
    expect(scored.every((row, place) => row.age === place / 1024 && row.probability === logistic(place / 1024))).toBe(true);
  });

  test('says what the endpoint refuses', async () => {
    await expect(predict(['people', aFile('bad.csv', 'age,colour\nold,red\n')])).rejects.toMatchObject({
      code: 'serving/predict-failed',
      kind: 'invalid',
      message: expect.stringContaining('"old"') as string,
    });
    await expect(predict(['nobody', aFile('good.csv', 'age,colour\n1,red\n')])).rejects.toMatchObject({ kind: 'not-found' });
  });

  test('says what is wrong with a file', async () => {
    await expect(predict(['people', join(folder, 'none.csv')])).rejects.toMatchObject({
      code: 'serving/rows-file',
      kind: 'not-found',
    });
    await expect(predict(['people', aFile('empty.csv', '')])).rejects.toThrow('no rows');
    await expect(predict(['people', aFile('ragged.csv', 'a,b\n1\n')])).rejects.toThrow('row 1 has 1 fields');
    await expect(predict(['people', aFile('open.csv', 'a\n"x\n')])).rejects.toThrow('never closed');
    await expect(predict(['people', aFile('x.json', '{}')])).rejects.toThrow('list of objects');
    await expect(predict(['people'])).rejects.toThrow('name an endpoint');
  });
});

describe('rows', () => {
  test('keep their form by the name of the file', () => {
    expect(['a.csv', 'a.JSON', 'a.jsonl', 'a.ndjson', 'a'].map(formatOf)).toEqual(['csv', 'json', 'ndjson', 'ndjson', 'csv']);
  });

  test('survive CSV, whatever is in them', () => {
    const record = fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), (records) => {
        expect(parseCsv(writeCsv(records))).toEqual(records);
      }),
      { examples: [[[['a"b', 'c,d', '\r\n']]], [[['', '']]]] },
    );
  });

  test('survive JSON and NDJSON', () => {
    const rows = [
      { a: 1, b: 'x' },
      { a: null, b: '' },
    ];

    expect(parseRows(writeRows(rows, 'json'), 'json')).toEqual(rows);
    expect(parseRows(writeRows(rows, 'ndjson'), 'ndjson')).toEqual(rows);
  });
});
