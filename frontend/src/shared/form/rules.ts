import type { FormRulesRecord } from '@mantine/form'
import limits from './limits.json'

/** Says what is wrong with a value by a field error code, or nothing. The codes are the server's. */
export type Rule<T> = (value: T) => string | undefined

/** The rules of a form's fields, nested as the values are: those of a list are the rules of each item. */
export type Rules<V> = FormRulesRecord<V>

/** A text that must not be blank. */
export const requiredText =
  (longest = Infinity): Rule<string> =>
  (text) =>
    text.trim() === '' ? 'required' : optionalText(longest)(text)

/** A text that may be left empty. */
export const optionalText =
  (longest = Infinity): Rule<string> =>
  (text) =>
    text.trim().length > longest ? 'too_long' : undefined

/** An e-mail address; the letter to it is the real check. */
export const email: Rule<string> = (text) =>
  requiredText(limits.email.maxLength)(text) ??
  (/^[^\s@]+@[^\s@]+$/.test(text.trim()) ? undefined : 'email')

/** A new password, blanks included. */
export const newPassword: Rule<string> = (text) => {
  if (text === '') return 'required'
  if ([...text].length < limits.password.minLength) return 'password_too_short'
  return [...text].length > limits.password.maxLength ? 'too_long' : undefined
}

/** A whole number within bounds; an emptied number field holds an empty text. */
export const wholeNumber =
  (least: number, greatest: number): Rule<number | string> =>
  (value) => {
    if (value === '') return 'required'
    if (!Number.isInteger(value)) return 'invalid'
    if (Number(value) < least) return 'too_small'
    return Number(value) > greatest ? 'too_large' : undefined
  }

/** A time of day, HH:MM. */
export const timeOfDay: Rule<string> = (text) =>
  requiredText()(text) ?? (/^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? undefined : 'time')
