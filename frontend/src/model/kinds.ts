// Made by `make generate` from internal/record, where kinds are declared: change them there.

/** What a field holds. */
export type FieldType =
  | 'text'
  | 'long_text'
  | 'word'
  | 'boolean'
  | 'money'
  | 'quantity'
  | 'percent'
  | 'integer'
  | 'moment'
  | 'date'
  | 'texts'
  | 'reference'
  | 'id'
  | 'list'
  | 'color'
  | 'url'
  | 'phone'
  | 'email'

/** Where a list shows a field: on a phone as the entry's title, the value at its right, below with its name (line) or without (plain), nowhere. */
export type ListRole = 'title' | 'value' | 'line' | 'plain' | 'hidden'

/** A field of a kind of records. */
export type Field = {
  name: string
  type: FieldType
  /** The kind that a reference points to. */
  kind?: Kind
  /** The words that are known; a newer local system may send others. */
  choices?: readonly string[]
  required?: boolean
  /** A record should have it, but is taken without. */
  wanted?: boolean
  /** The fields of a list's items. */
  fields?: readonly Field[]
  /** The field is a column of the kind's list. */
  list?: ListRole
  /** Lists can be ordered by it: ?sort=name. */
  sort?: boolean
  /** Lists can be filtered by it: ?name=value. */
  filter?: boolean
  /** Its words are searched for. */
  search?: boolean
}

/** A kind of directory records. */
export type DirectoryKind =
  | 'product'
  | 'product_group'
  | 'unit'
  | 'employee'
  | 'customer'
  | 'counterparty'
  | 'outlet'
  | 'warehouse'
  | 'hall'
  | 'payment_type'
  | 'discount'
  | 'waste_reason'

/** A kind of dated records. */
export type DocumentKind =
  | 'receipt'
  | 'cash_shift'
  | 'purchase'
  | 'purchase_return'
  | 'write_off'
  | 'transfer'
  | 'stocktake'
  | 'production'
  | 'delivery_order'

/** A kind of records that this cabinet knows. */
export type Kind = DirectoryKind | DocumentKind

/** What is known of a kind. */
export type KindSpec = {
  /** Its records are dated; else it is a directory. */
  document: boolean
  /** The licensed module that it needs. */
  module?: string
  /** In the order of cards, and of the columns of lists. */
  fields: readonly Field[]
}

/** All kinds: directories, then documents, those first that people look for most. */
export const kinds: Record<Kind, KindSpec> = {
  product: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'code', type: 'text', list: 'line', sort: true, search: true },
      { name: 'type', type: 'word', choices: ['goods', 'dish', 'semi_finished', 'ingredient', 'modifier', 'service'], required: true, list: 'plain' },
      { name: 'group_id', type: 'reference', kind: 'product_group', list: 'plain', filter: true },
      { name: 'unit_id', type: 'reference', kind: 'unit', list: 'hidden' },
      { name: 'price', type: 'money', list: 'value' },
      { name: 'cost', type: 'money', list: 'hidden' },
      { name: 'tax_rate', type: 'percent' },
      { name: 'sold_by_weight', type: 'boolean' },
      { name: 'tracks_stock', type: 'boolean' },
      { name: 'min_stock', type: 'quantity' },
      { name: 'barcodes', type: 'texts', search: true },
      { name: 'image_url', type: 'url' },
      { name: 'archived', type: 'boolean', filter: true },
      { name: 'components', type: 'list', fields: [
        { name: 'product_id', type: 'reference', kind: 'product', required: true },
        { name: 'quantity', type: 'quantity', required: true },
      ] },
    ],
  },
  product_group: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'parent_id', type: 'reference', kind: 'product_group', list: 'line' },
      { name: 'sort', type: 'integer' },
      { name: 'color', type: 'color', list: 'line' },
    ],
  },
  unit: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'short_name', type: 'text', list: 'line', search: true },
      { name: 'code', type: 'text', list: 'line', sort: true, search: true },
    ],
  },
  employee: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'code', type: 'text', list: 'line', sort: true, search: true },
      { name: 'position', type: 'text', list: 'plain', search: true },
      { name: 'phone', type: 'phone', list: 'plain', search: true },
      { name: 'email', type: 'email', search: true },
      { name: 'dismissed', type: 'boolean', filter: true },
    ],
  },
  customer: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'phone', type: 'phone', list: 'plain', search: true },
      { name: 'email', type: 'email', search: true },
      { name: 'birthday', type: 'date' },
      { name: 'card_number', type: 'text', list: 'line', search: true },
      { name: 'discount_percent', type: 'percent', list: 'line' },
      { name: 'bonus_balance', type: 'money', list: 'value' },
      { name: 'address', type: 'text', search: true },
      { name: 'note', type: 'long_text' },
    ],
  },
  counterparty: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'code', type: 'text', sort: true, search: true },
      { name: 'tax_id', type: 'text', list: 'line', search: true },
      { name: 'is_supplier', type: 'boolean', list: 'line' },
      { name: 'is_buyer', type: 'boolean', list: 'hidden' },
      { name: 'phone', type: 'phone', list: 'plain', search: true },
      { name: 'email', type: 'email', search: true },
      { name: 'address', type: 'text', search: true },
    ],
  },
  outlet: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'address', type: 'text', list: 'plain', search: true },
      { name: 'phone', type: 'phone', list: 'plain', search: true },
    ],
  },
  warehouse: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain' },
      { name: 'address', type: 'text', list: 'plain', search: true },
    ],
  },
  hall: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain' },
      { name: 'tables', type: 'list', list: 'value', fields: [
        { name: 'id', type: 'id', wanted: true },
        { name: 'name', type: 'text', wanted: true },
        { name: 'seats', type: 'integer' },
      ] },
    ],
  },
  payment_type: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'type', type: 'word', choices: ['cash', 'card', 'transfer', 'bonus', 'certificate', 'other'], required: true, list: 'plain' },
    ],
  },
  discount: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'mode', type: 'word', choices: ['percent', 'amount'], required: true, list: 'plain' },
      { name: 'value', type: 'money', required: true, list: 'value' },
    ],
  },
  waste_reason: {
    document: false,
    fields: [
      { name: 'name', type: 'text', wanted: true, list: 'title', sort: true, search: true },
    ],
  },
  receipt: {
    document: true,
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', required: true, list: 'plain', sort: true },
      { name: 'status', type: 'word', choices: ['open', 'closed', 'cancelled'], filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee', list: 'hidden', filter: true },
      { name: 'note', type: 'long_text', search: true },
      { name: 'type', type: 'word', choices: ['sale', 'refund'], required: true, filter: true },
      { name: 'refund_of_id', type: 'reference', kind: 'receipt' },
      { name: 'shift_id', type: 'reference', kind: 'cash_shift' },
      { name: 'opened_at', type: 'moment' },
      { name: 'closed_at', type: 'moment' },
      { name: 'waiter_id', type: 'reference', kind: 'employee' },
      { name: 'hall_id', type: 'reference', kind: 'hall' },
      { name: 'table', type: 'text' },
      { name: 'guests', type: 'integer' },
      { name: 'customer_id', type: 'reference', kind: 'customer' },
      { name: 'source', type: 'word' },
      { name: 'fiscal_number', type: 'text', search: true },
      { name: 'cancel_reason', type: 'long_text' },
      { name: 'tax_included', type: 'boolean' },
      { name: 'discount_total', type: 'money' },
      { name: 'service_charge', type: 'money' },
      { name: 'tax_total', type: 'money' },
      { name: 'tip', type: 'money' },
      { name: 'rounding', type: 'money' },
      { name: 'total', type: 'money', required: true, list: 'value', sort: true },
      { name: 'lines', type: 'list', wanted: true, fields: [
        { name: 'id', type: 'id' },
        { name: 'product_id', type: 'reference', kind: 'product' },
        { name: 'name', type: 'text', wanted: true },
        { name: 'quantity', type: 'quantity', wanted: true },
        { name: 'price', type: 'money', wanted: true },
        { name: 'discount', type: 'money' },
        { name: 'total', type: 'money', required: true },
        { name: 'tax_rate', type: 'percent' },
        { name: 'tax', type: 'money' },
        { name: 'tax_included', type: 'boolean' },
        { name: 'cost', type: 'money' },
        { name: 'note', type: 'long_text' },
        { name: 'modifiers', type: 'list', fields: [
          { name: 'product_id', type: 'reference', kind: 'product' },
          { name: 'name', type: 'text', wanted: true },
          { name: 'quantity', type: 'quantity', wanted: true },
          { name: 'price', type: 'money', wanted: true },
        ] },
      ] },
      { name: 'payments', type: 'list', wanted: true, fields: [
        { name: 'payment_type_id', type: 'reference', kind: 'payment_type', wanted: true },
        { name: 'at', type: 'moment' },
        { name: 'amount', type: 'money', required: true },
      ] },
    ],
  },
  cash_shift: {
    document: true,
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', required: true, list: 'plain', sort: true },
      { name: 'status', type: 'word', filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee', list: 'hidden', filter: true },
      { name: 'note', type: 'long_text', search: true },
      { name: 'opened_at', type: 'moment', wanted: true },
      { name: 'opened_by', type: 'reference', kind: 'employee' },
      { name: 'closed_at', type: 'moment' },
      { name: 'closed_by', type: 'reference', kind: 'employee' },
      { name: 'opening_cash', type: 'money' },
      { name: 'closing_cash', type: 'money' },
      { name: 'movements', type: 'list', fields: [
        { name: 'at', type: 'moment', wanted: true },
        { name: 'direction', type: 'word', choices: ['in', 'out', 'collection'], required: true },
        { name: 'note', type: 'long_text' },
        { name: 'amount', type: 'money', required: true },
      ] },
    ],
  },
  purchase: {
    document: true,
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', required: true, list: 'plain', sort: true },
      { name: 'status', type: 'word', filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee', list: 'hidden', filter: true },
      { name: 'note', type: 'long_text', search: true },
      { name: 'supplier_id', type: 'reference', kind: 'counterparty', list: 'plain' },
      { name: 'warehouse_id', type: 'reference', kind: 'warehouse', wanted: true, list: 'plain', filter: true },
      { name: 'supplier_number', type: 'text', search: true },
      { name: 'due_date', type: 'date' },
      { name: 'total', type: 'money', required: true, list: 'value', sort: true },
      { name: 'lines', type: 'list', wanted: true, fields: [
        { name: 'product_id', type: 'reference', kind: 'product', wanted: true },
        { name: 'quantity', type: 'quantity', wanted: true },
        { name: 'price', type: 'money', wanted: true },
        { name: 'tax', type: 'money' },
        { name: 'total', type: 'money', required: true },
      ] },
    ],
  },
  purchase_return: {
    document: true,
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', required: true, list: 'plain', sort: true },
      { name: 'status', type: 'word', filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee', list: 'hidden', filter: true },
      { name: 'note', type: 'long_text', search: true },
      { name: 'supplier_id', type: 'reference', kind: 'counterparty', list: 'plain' },
      { name: 'warehouse_id', type: 'reference', kind: 'warehouse', wanted: true, list: 'plain', filter: true },
      { name: 'supplier_number', type: 'text', search: true },
      { name: 'due_date', type: 'date' },
      { name: 'total', type: 'money', required: true, list: 'value', sort: true },
      { name: 'lines', type: 'list', wanted: true, fields: [
        { name: 'product_id', type: 'reference', kind: 'product', wanted: true },
        { name: 'quantity', type: 'quantity', wanted: true },
        { name: 'price', type: 'money', wanted: true },
        { name: 'tax', type: 'money' },
        { name: 'total', type: 'money', required: true },
      ] },
    ],
  },
  write_off: {
    document: true,
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', required: true, list: 'plain', sort: true },
      { name: 'status', type: 'word', filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee', list: 'hidden', filter: true },
      { name: 'note', type: 'long_text', search: true },
      { name: 'warehouse_id', type: 'reference', kind: 'warehouse', wanted: true, list: 'plain', filter: true },
      { name: 'reason_id', type: 'reference', kind: 'waste_reason' },
      { name: 'lines', type: 'list', required: true, fields: [
        { name: 'product_id', type: 'reference', kind: 'product', required: true },
        { name: 'quantity', type: 'quantity', required: true },
        { name: 'cost', type: 'money' },
      ] },
    ],
  },
  transfer: {
    document: true,
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', required: true, list: 'plain', sort: true },
      { name: 'status', type: 'word', filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee', list: 'hidden', filter: true },
      { name: 'note', type: 'long_text', search: true },
      { name: 'from_warehouse_id', type: 'reference', kind: 'warehouse', required: true, list: 'line' },
      { name: 'to_warehouse_id', type: 'reference', kind: 'warehouse', required: true, list: 'line' },
      { name: 'lines', type: 'list', required: true, fields: [
        { name: 'product_id', type: 'reference', kind: 'product', required: true },
        { name: 'quantity', type: 'quantity', required: true },
        { name: 'cost', type: 'money' },
      ] },
    ],
  },
  stocktake: {
    document: true,
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', required: true, list: 'plain', sort: true },
      { name: 'status', type: 'word', filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee', list: 'hidden', filter: true },
      { name: 'note', type: 'long_text', search: true },
      { name: 'warehouse_id', type: 'reference', kind: 'warehouse', wanted: true, list: 'plain', filter: true },
      { name: 'lines', type: 'list', required: true, fields: [
        { name: 'product_id', type: 'reference', kind: 'product', required: true },
        { name: 'expected', type: 'quantity', required: true },
        { name: 'counted', type: 'quantity', required: true },
        { name: 'cost', type: 'money' },
      ] },
    ],
  },
  production: {
    document: true,
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', required: true, list: 'plain', sort: true },
      { name: 'status', type: 'word', filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee', list: 'hidden', filter: true },
      { name: 'note', type: 'long_text', search: true },
      { name: 'warehouse_id', type: 'reference', kind: 'warehouse', wanted: true, list: 'plain', filter: true },
      { name: 'lines', type: 'list', required: true, fields: [
        { name: 'product_id', type: 'reference', kind: 'product', required: true },
        { name: 'quantity', type: 'quantity', required: true },
        { name: 'cost', type: 'money' },
      ] },
      { name: 'consumed', type: 'list', fields: [
        { name: 'product_id', type: 'reference', kind: 'product', required: true },
        { name: 'quantity', type: 'quantity', required: true },
        { name: 'cost', type: 'money' },
      ] },
    ],
  },
  delivery_order: {
    document: true,
    module: 'delivery',
    fields: [
      { name: 'number', type: 'text', wanted: true, list: 'title', sort: true, search: true },
      { name: 'occurred_at', type: 'moment', list: 'plain', sort: true },
      { name: 'status', type: 'word', choices: ['new', 'accepted', 'cooking', 'ready', 'on_way', 'delivered', 'closed', 'cancelled'], required: true, filter: true },
      { name: 'outlet_id', type: 'reference', kind: 'outlet', list: 'plain', filter: true },
      { name: 'employee_id', type: 'reference', kind: 'employee' },
      { name: 'note', type: 'long_text', search: true },
      { name: 'type', type: 'word', choices: ['courier', 'pickup'], required: true, filter: true },
      { name: 'placed_at', type: 'moment', required: true },
      { name: 'promised_at', type: 'moment', list: 'line' },
      { name: 'customer_id', type: 'reference', kind: 'customer' },
      { name: 'customer_name', type: 'text', list: 'plain', search: true },
      { name: 'phone', type: 'phone', wanted: true, search: true },
      { name: 'address', type: 'long_text', search: true },
      { name: 'courier_id', type: 'reference', kind: 'employee', list: 'hidden' },
      { name: 'operator_id', type: 'reference', kind: 'employee' },
      { name: 'accepted_at', type: 'moment' },
      { name: 'cooking_at', type: 'moment' },
      { name: 'ready_at', type: 'moment' },
      { name: 'on_way_at', type: 'moment' },
      { name: 'delivered_at', type: 'moment', list: 'line' },
      { name: 'closed_at', type: 'moment' },
      { name: 'cancelled_at', type: 'moment' },
      { name: 'cancel_reason', type: 'long_text' },
      { name: 'tax_included', type: 'boolean' },
      { name: 'discount_total', type: 'money' },
      { name: 'service_charge', type: 'money' },
      { name: 'tax_total', type: 'money' },
      { name: 'tip', type: 'money' },
      { name: 'rounding', type: 'money' },
      { name: 'total', type: 'money', required: true, list: 'value', sort: true },
      { name: 'lines', type: 'list', wanted: true, fields: [
        { name: 'id', type: 'id' },
        { name: 'product_id', type: 'reference', kind: 'product' },
        { name: 'name', type: 'text', wanted: true },
        { name: 'quantity', type: 'quantity', wanted: true },
        { name: 'price', type: 'money', wanted: true },
        { name: 'discount', type: 'money' },
        { name: 'total', type: 'money', required: true },
        { name: 'tax_rate', type: 'percent' },
        { name: 'tax', type: 'money' },
        { name: 'tax_included', type: 'boolean' },
        { name: 'cost', type: 'money' },
        { name: 'note', type: 'long_text' },
        { name: 'modifiers', type: 'list', fields: [
          { name: 'product_id', type: 'reference', kind: 'product' },
          { name: 'name', type: 'text', wanted: true },
          { name: 'quantity', type: 'quantity', wanted: true },
          { name: 'price', type: 'money', wanted: true },
        ] },
      ] },
      { name: 'payments', type: 'list', fields: [
        { name: 'payment_type_id', type: 'reference', kind: 'payment_type', wanted: true },
        { name: 'at', type: 'moment' },
        { name: 'amount', type: 'money', required: true },
      ] },
    ],
  },
}
