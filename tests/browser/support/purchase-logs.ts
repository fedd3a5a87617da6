/** A shop's log of purchases, without ratings, in the formats in which shops have them. */
import { strToU8, zipSync } from 'fflate';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ChosenFile } from './steps.js';

export interface Purchase {
  customer: string;
  sku: string;
  /** In seconds since 1970. */
  time: number;
}

const written = (name: string, bytes: Uint8Array | ArrayBuffer): ChosenFile => ({
  name,
  mimeType: '',
  buffer: Buffer.from(bytes as Uint8Array),
});

const day = ({ time }: Purchase) => new Date(time * 1000).toISOString().slice(0, 10);

/** Order lines, with a number and a price that are no ratings. */
const price = (row: number) => (5 + (row % 40) / 4).toFixed(2);

function csv(log: readonly Purchase[]): ChosenFile {
  const rows = log.map((line, i) => `${1000 + i};${line.customer};${line.sku};${price(i)};${day(line)}`);
  return written('orders.csv', strToU8(`order_id;customer_id;sku;unit_price;order_date\n${rows.join('\n')}\n`));
}

function parquet(log: readonly Purchase[]): ChosenFile {
  const column = (name: string, data: (string | number)[], type: 'STRING' | 'INT32' | 'DOUBLE') => ({
    name,
    data,
    type,
  });
  const columnData = [
    column(
      'order_id',
      log.map((_, i) => 1000 + i),
      'INT32',
    ),
    column(
      'customer_id',
      log.map(({ customer }) => customer),
      'STRING',
    ),
    column(
      'sku',
      log.map(({ sku }) => sku),
      'STRING',
    ),
    column(
      'unit_price',
      log.map((_, i) => Number(price(i))),
      'DOUBLE',
    ),
  ];
  return written('orders.parquet', parquetWriteBuffer({ columnData }));
}

function ndjson(log: readonly Purchase[]): ChosenFile {
  const rows = log.map(({ customer, sku, time }) =>
    JSON.stringify({ visitor: customer, event: 'purchase', sku, ts: time }),
  );
  return written('events.ndjson', strToU8(`${rows.join('\n')}\n`));
}

/** A workbook of one sheet, whose cells have their text within. */
function excel(log: readonly Purchase[]): ChosenFile {
  const text = (value: string) => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
  const row = (...cells: string[]) => `<row>${cells.join('')}</row>`;
  const rows = log.map((line, i) =>
    row(`<c><v>${1000 + i}</v></c>`, text(line.customer), text(line.sku), `<c><v>${price(i)}</v></c>`, text(day(line))),
  );
  const head = row(...['order_id', 'customer_id', 'sku', 'unit_price', 'order_date'].map(text));
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const types = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const relation = (type: string, target: string) =>
    `<Relationships xmlns="${types}"><Relationship Id="rId1" Type="${office}/${type}" Target="${target}"/></Relationships>`;
  const parts = {
    '[Content_Types].xml': '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    '_rels/.rels': relation('officeDocument', 'xl/workbook.xml'),
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relation('worksheet', 'worksheets/sheet1.xml'),
    'xl/worksheets/sheet1.xml': `<worksheet xmlns="${main}"><sheetData>${head}${rows.join('')}</sheetData></worksheet>`,
  };
  const bytes = Object.fromEntries(Object.entries(parts).map(([path, xml]) => [path, strToU8(xml)]));
  return written('orders.xlsx', zipSync(bytes));
}

export const purchaseLogs = { csv, excel, parquet, ndjson } as const;
