import { describe, expect, it } from 'vitest'
import { check, fieldCodes } from './codes'
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
  it('names the fields that break a rule', () => {
    expect(check({ name: requiredText() }, { name: '', note: '' })).toEqual({ name: 'required' })
  })

  it("puts the server's errors at the fields of the form and keeps the others", () => {
    const errors = [
      { field: 'name', code: 'not_unique', message: 'taken' },
      { field: 'name', code: 'too_long', message: 'long' },
      { field: 'plan', code: 'unknown', message: 'no such plan' },
    ]
    expect(fieldCodes(errors, ['name'])).toEqual({
      atFields: { name: 'not_unique' },
      elsewhere: [errors[2]],
    })
  })
})
