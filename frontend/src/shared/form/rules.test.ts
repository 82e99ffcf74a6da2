import { describe, expect, it } from 'vitest'
import { fieldCodes } from './codes'
import { email, newPassword, requiredText, timeOfDay, wholeNumber } from './rules'

describe('rules of fields', () => {
  it('asks for a text that is not blank', () => {
    expect(requiredText()(' ')).toBe('required')
    expect(requiredText(3)('four')).toBe('too_long')
    expect(requiredText()('Север')).toBeUndefined()
  })

  it('takes any address with two sides', () => {
    expect(email('anna')).toBe('email')
    expect(email('anna@кофе.рф')).toBeUndefined()
  })

  it('counts the characters of a password, not its bytes', () => {
    expect(newPassword('семь123')).toBe('password_too_short')
    expect(newPassword('восемь12')).toBeUndefined()
  })

  it('takes whole numbers within bounds', () => {
    const minutes = wholeNumber(0, 1440)
    expect([minutes(''), minutes(-1), minutes(1.5), minutes(1441), minutes(0)]).toEqual([
      'required',
      'too_small',
      'invalid',
      'too_large',
      undefined,
    ])
  })

  it('takes a time of day', () => {
    expect(timeOfDay('24:00')).toBe('time')
    expect(timeOfDay('05:30')).toBeUndefined()
  })
})

describe('codes of a form', () => {
  const coded = (field: string, code: string) => ({ field, code, message: code })

  it("puts the server's errors at the fields of the form and keeps the others", () => {
    const errors = [
      coded('name', 'not_unique'),
      coded('name', 'too_long'),
      coded('plan', 'unknown'),
    ]
    expect(fieldCodes(errors, { name: '' })).toEqual({
      atFields: { name: 'not_unique' },
      elsewhere: [errors[2]],
    })
  })

  it("finds the fields of the form's lists", () => {
    const errors = [
      coded('lines[1].quantity', 'too_small'),
      coded('lines', 'too_long'),
      coded('lines[2].quantity', 'required'),
      coded('lines[1].colour', 'unknown'),
    ]
    expect(fieldCodes(errors, { lines: [{ quantity: 1 }, { quantity: 0 }] })).toEqual({
      atFields: { 'lines.1.quantity': 'too_small', lines: 'too_long' },
      elsewhere: [errors[2], errors[3]],
    })
  })
})
