import { InvalidValue, shown } from './refusal.ts';

/**
 * Currencies of ISO 4217 and how many digits their minor unit has. Codes without a minor unit (metals, XDR, XTS, XXX ...)
 * are left out: nothing is ordered in them.
 */
const active: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
    COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR
    IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
    NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

/** Withdrawn since 2010: no new business, but orders of those years keep their currency. */
const withdrawn: Readonly<Record<number, string>> = {
  0: 'BYR',
  2: 'ANG BGN CUC EEK HRK LTL LVL MRO SLL STD VEF ZMK ZWL',
};

const exponents: ReadonlyMap<string, number> = new Map(
  [active, withdrawn].flatMap((table) =>
    Object.entries(table).flatMap(([exponent, codes]) =>
      codes.split(/\s+/).map((code): [string, number] => [code, Number(exponent)]),
    ),
  ),
);

/** The codes in use today, in alphabetical order. */
export const activeCurrencies: readonly string[] = Object.values(active)
  .flatMap((codes) => codes.split(/\s+/))
  .sort();

export const isCurrency = (code: string): boolean => exponents.has(code);

/** Digits of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD. Throws InvalidValue for an unknown code. */
export function currencyExponent(code: string): number {
  const exponent = exponents.get(code);
  if (exponent === undefined) {
    throw new InvalidValue(
      'unknown-currency',
      `${shown(code)} is not a currency of ISO 4217; give its three capital letters, e.g. EUR`,
    );
  }
  return exponent;
}
