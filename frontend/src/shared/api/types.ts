// The names by which screens call the generated types of openapi.yaml.
import type { components } from './schema'

export type { paths } from './schema'

type Schemas = components['schemas']

/** The fields of a record: those of its kind, and those that the source added. */
export type RecordData = Record<string, unknown>

export type Freshness = Schemas['Freshness']
export type KindCount = Schemas['KindCount']
export type DirectoryItem = Schemas['DirectoryItem']
export type DirectoryRecord = Schemas['DirectoryRecord']
export type DocumentItem = Schemas['DocumentItem']
export type DocumentRecord = Schemas['DocumentRecord']
export type Remark = Schemas['Remark']
export type RemarkCode = Remark['code']
export type RecordHistory = Schemas['RecordHistory']
export type RecordVersion = Schemas['RecordVersion']
export type RecordDifference = Schemas['RecordDifference']
export type Measures = Schemas['Measures']
export type ProductMeasures = Schemas['ProductMeasures']
export type ProductSales = Schemas['ProductSales']
export type SalesByDay = Schemas['SalesByDay']
export type PaymentsByType = Schemas['PaymentsByType']
export type SalesByProduct = Schemas['SalesByProduct']
export type SalesByHour = Schemas['SalesByHour']
export type RemarkCount = Schemas['RemarkCount']
export type SyncStatus = Schemas['SyncStatus']
export type SyncSource = Schemas['SyncSource']
export type Device = Schemas['Device']
export type Rejection = Schemas['Rejection']

export type FieldError = Schemas['Field']
export type ProblemBody = Schemas['Problem']
export type TokenGrant = Schemas['TokenResponse']
export type MeChanges = Schemas['UpdateMeRequest']
/** The person who is signed in, with their organizations. */
export type Me = Schemas['MeResponse']
/** An organization, with what the person may do there. */
export type OrganizationAccess = Schemas['MyOrganization']
export type OrganizationItem = Schemas['OrganizationItem']
export type OrganizationInput = Schemas['OrganizationRequest']
export type Organization = Schemas['OrganizationResponse']
export type License = Schemas['License']
export type Role = Schemas['Role']
export type Dashboard = Schemas['Dashboard']
export type Period = Schemas['DashboardPeriod']
