/** A unit of UN/ECE Recommendation 20: its name and the smallest step in which it is counted unless the item says otherwise. */
export interface Uom {
  readonly name: string;
  readonly step: string;
}

const pieces = (names: Readonly<Record<string, string>>) => stepped('1', names);

function stepped(step: string, names: Readonly<Record<string, string>>): readonly [string, Uom][] {
  return Object.entries(names).map(([code, name]) => [code, { name, step }]);
}

/**
 * The units common in trade. Package codes appear with and without the X that Recommendation 20 puts before the codes of
 * Recommendation 21, because trading partners send both.
 */
export const uoms: ReadonlyMap<string, Uom> = new Map([
  ...pieces({
    C62: 'one (piece)',
    H87: 'piece',
    EA: 'each',
    NAR: 'number of articles',
    NMP: 'number of packs',
    PR: 'pair',
    DZN: 'dozen',
    DPC: 'dozen piece',
    GRO: 'gross',
    CEN: 'hundred',
    MIL: 'thousand',
    SET: 'set',
    KT: 'kit',
    ST: 'sheet',
    LO: 'lot',
    E48: 'service unit',
    LS: 'lump sum',
  }),
  ...pieces({
    BX: 'box',
    CT: 'carton',
    CS: 'case',
    PK: 'pack',
    BG: 'bag',
    BO: 'bottle',
    CA: 'can',
    DR: 'drum',
    TU: 'tube',
    RO: 'roll',
    ROL: 'roll',
    PF: 'pallet (lift)',
    XBX: 'box',
    XCT: 'carton',
    XCS: 'case',
    XPK: 'package',
    XBG: 'bag',
    XBO: 'bottle',
    XDR: 'drum',
    XRO: 'roll',
    XPX: 'pallet',
  }),
  ...stepped('0.001', {
    KGM: 'kilogram',
    GRM: 'gram',
    MGM: 'milligram',
    TNE: 'tonne',
    DTN: 'decitonne',
    LBR: 'pound',
    ONZ: 'ounce',
    STN: 'short ton (US)',
    LTN: 'long ton (UK)',
  }),
  ...stepped('0.001', {
    MTR: 'metre',
    CMT: 'centimetre',
    MMT: 'millimetre',
    KMT: 'kilometre',
    INH: 'inch',
    FOT: 'foot',
    YRD: 'yard',
    MTK: 'square metre',
    CMK: 'square centimetre',
    FTK: 'square foot',
    HAR: 'hectare',
  }),
  ...stepped('0.001', {
    MTQ: 'cubic metre',
    DMQ: 'cubic decimetre',
    CMQ: 'cubic centimetre',
    LTR: 'litre',
    MLT: 'millilitre',
    HLT: 'hectolitre',
    FTQ: 'cubic foot',
    GLL: 'gallon (US)',
    GLI: 'gallon (UK)',
    BLL: 'barrel (US)',
  }),
  ...stepped('0.01', {
    SEC: 'second',
    MIN: 'minute',
    HUR: 'hour',
    DAY: 'day',
    WEE: 'week',
    MON: 'month',
    ANN: 'year',
  }),
  ...stepped('0.001', { KWH: 'kilowatt hour', MWH: 'megawatt hour', KWT: 'kilowatt' }),
]);
