import type { RecordData } from '@/shared/api/types'

/** How a field's value is shown. */
export type FieldType =
  | 'text'
  | 'long_text'
  | 'word'
  | 'boolean'
  | 'money'
  | 'quantity'
  | 'integer'
  | 'percent'
  | 'moment'
  | 'date'
  | 'texts'
  | 'reference'
  | 'list'
  | 'color'
  | 'url'
  | 'phone'
  | 'email'

/** A field of a kind of records. */
export type Field = {
  name: string
  type: FieldType
  /** The kind that a reference points to. */
  kind?: Kind
  /** The fields of a list's items. */
  fields?: Field[]
}

const directoryKinds = [
  'product',
  'product_group',
  'unit',
  'employee',
  'customer',
  'counterparty',
  'outlet',
  'warehouse',
  'hall',
  'payment_type',
  'discount',
  'waste_reason',
] as const

const documentKinds = [
  'receipt',
  'cash_shift',
  'purchase',
  'purchase_return',
  'write_off',
  'transfer',
  'stocktake',
  'production',
  'delivery_order',
] as const

/** A kind of directory records. */
export type DirectoryKind = (typeof directoryKinds)[number]
/** A kind of dated records. */
export type DocumentKind = (typeof documentKinds)[number]
/** A kind of records that this cabinet knows. */
export type Kind = DirectoryKind | DocumentKind

const order: readonly string[] = [...directoryKinds, ...documentKinds]

/** Puts the kinds that people look for most first; kinds that are new to the cabinet stand last. */
export function inKindOrder<T extends { kind: string }>(items: T[]): T[] {
  const place = ({ kind }: T) => {
    const index = order.indexOf(kind)
    return index < 0 ? order.length : index
  }
  return [...items].sort((a, b) => place(a) - place(b))
}

// A type, the kind that is referred to, or the fields of a list's items.
type Fields = { [name: string]: FieldType | Kind | Fields }

// The kinds and fields of docs/protocol.md in the order in which a card shows them.
const directories: Record<DirectoryKind, Fields> = {
  product: {
    name: 'text',
    code: 'text',
    type: 'word',
    group_id: 'product_group',
    unit_id: 'unit',
    price: 'money',
    cost: 'money',
    tax_rate: 'percent',
    sold_by_weight: 'boolean',
    tracks_stock: 'boolean',
    min_stock: 'quantity',
    barcodes: 'texts',
    image_url: 'url',
    archived: 'boolean',
    components: { product_id: 'product', quantity: 'quantity' },
  },
  product_group: { name: 'text', parent_id: 'product_group', sort: 'integer', color: 'color' },
  unit: { name: 'text', short_name: 'text', code: 'text' },
  employee: {
    name: 'text',
    code: 'text',
    position: 'text',
    phone: 'phone',
    email: 'email',
    dismissed: 'boolean',
  },
  customer: {
    name: 'text',
    phone: 'phone',
    email: 'email',
    birthday: 'date',
    card_number: 'text',
    discount_percent: 'percent',
    bonus_balance: 'money',
    address: 'text',
    note: 'long_text',
  },
  counterparty: {
    name: 'text',
    code: 'text',
    tax_id: 'text',
    is_supplier: 'boolean',
    is_buyer: 'boolean',
    phone: 'phone',
    email: 'email',
    address: 'text',
  },
  outlet: { name: 'text', address: 'text', phone: 'phone' },
  warehouse: { name: 'text', outlet_id: 'outlet', address: 'text' },
  hall: {
    name: 'text',
    outlet_id: 'outlet',
    tables: { name: 'text', seats: 'integer' },
  },
  payment_type: { name: 'text', type: 'word' },
  discount: { name: 'text', mode: 'word', value: 'money' },
  waste_reason: { name: 'text' },
}

const anyDocument: Fields = {
  number: 'text',
  occurred_at: 'moment',
  status: 'word',
  outlet_id: 'outlet',
  employee_id: 'employee',
  note: 'long_text',
}

const purchase: Fields = {
  ...anyDocument,
  supplier_id: 'counterparty',
  warehouse_id: 'warehouse',
  supplier_number: 'text',
  due_date: 'date',
  total: 'money',
  lines: {
    product_id: 'product',
    quantity: 'quantity',
    price: 'money',
    tax: 'money',
    total: 'money',
  },
}

const moved: Fields = { product_id: 'product', quantity: 'quantity', cost: 'money' }
const payments: Fields = { payment_type_id: 'payment_type', at: 'moment', amount: 'money' }
const saleLines: Fields = {
  product_id: 'product',
  name: 'text',
  quantity: 'quantity',
  price: 'money',
  discount: 'money',
  total: 'money',
  tax_rate: 'percent',
  tax: 'money',
  cost: 'money',
  note: 'long_text',
  modifiers: { product_id: 'product', name: 'text', quantity: 'quantity', price: 'money' },
}

const documents: Record<DocumentKind, Fields> = {
  receipt: {
    ...anyDocument,
    type: 'word',
    refund_of_id: 'receipt',
    shift_id: 'cash_shift',
    opened_at: 'moment',
    closed_at: 'moment',
    waiter_id: 'employee',
    hall_id: 'hall',
    table: 'text',
    guests: 'integer',
    customer_id: 'customer',
    source: 'word',
    fiscal_number: 'text',
    cancel_reason: 'long_text',
    discount_total: 'money',
    tax_total: 'money',
    tip: 'money',
    rounding: 'money',
    total: 'money',
    lines: saleLines,
    payments,
  },
  cash_shift: {
    ...anyDocument,
    opened_at: 'moment',
    opened_by: 'employee',
    closed_at: 'moment',
    closed_by: 'employee',
    opening_cash: 'money',
    closing_cash: 'money',
    movements: { at: 'moment', direction: 'word', note: 'long_text', amount: 'money' },
  },
  purchase,
  purchase_return: purchase,
  write_off: {
    ...anyDocument,
    warehouse_id: 'warehouse',
    reason_id: 'waste_reason',
    lines: moved,
  },
  transfer: {
    ...anyDocument,
    from_warehouse_id: 'warehouse',
    to_warehouse_id: 'warehouse',
    lines: moved,
  },
  stocktake: {
    ...anyDocument,
    warehouse_id: 'warehouse',
    lines: {
      product_id: 'product',
      expected: 'quantity',
      counted: 'quantity',
      cost: 'money',
    },
  },
  production: { ...anyDocument, warehouse_id: 'warehouse', lines: moved, consumed: moved },
  delivery_order: {
    ...anyDocument,
    type: 'word',
    placed_at: 'moment',
    promised_at: 'moment',
    customer_id: 'customer',
    customer_name: 'text',
    phone: 'phone',
    address: 'text',
    courier_id: 'employee',
    operator_id: 'employee',
    cancel_reason: 'long_text',
    total: 'money',
    lines: saleLines,
    payments,
  },
}

const kinds: Record<Kind, Fields> = { ...directories, ...documents }

/** Whether the cabinet knows the kind; the server may send newer ones. */
export const isKind = (kind: string): kind is Kind => Object.hasOwn(kinds, kind)

/** Whether the kind's records are dated. */
export const isDocumentKind = (kind: string): kind is DocumentKind => Object.hasOwn(documents, kind)

/** The fields of a kind; none of one that is not known. */
export const fieldsOf = (kind: string): Field[] => (isKind(kind) ? read(kinds[kind]) : [])

/** The fields that a record has and its kind does not name, with their paths: `lines[2].colour`. */
export const otherFields = (kind: string, data: RecordData): [path: string, value: unknown][] =>
  unnamed(fieldsOf(kind), data, '')

function unnamed(fields: Field[], data: RecordData, path: string): [string, unknown][] {
  return Object.entries(data).flatMap(([name, value]): [string, unknown][] => {
    const field = fields.find((known) => known.name === name)
    const items = Array.isArray(value) ? (value as RecordData[]) : []
    if (field?.fields) {
      const inner = field.fields
      return items.flatMap((item, index) => unnamed(inner, item, `${path}${name}[${index}].`))
    }
    return field || (path !== '' && name === 'id') ? [] : [[path + name, value]]
  })
}

/** Whether a value stands in the field. */
export const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && !value.length)

/** Whether the field's values are figures, which stand at the right. */
export const isNumeric = ({ type }: Field): boolean =>
  type === 'money' || type === 'quantity' || type === 'integer' || type === 'percent'

function read(fields: Fields): Field[] {
  return Object.entries(fields).map(([name, type]): Field => {
    if (typeof type === 'object') return { name, type: 'list', fields: read(type) }
    return isKind(type) ? { name, type: 'reference', kind: type } : { name, type }
  })
}
