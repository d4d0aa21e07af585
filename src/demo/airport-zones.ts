/**
 * Airports by time zone: codes with three letters of the demo's world, by the coordinates in its airports.csv.
 * Written by scripts/generate-airport-zones.ts.
 */
export const AIRPORTS_BY_ZONE: Readonly<Record<string, readonly string[]>> = {
  'America/Anchorage': ['ADQ AKN ANC BRW CDV DLG FAI SCC'],
  'America/Boise': ['BOI JAC'],
  'America/Chicago': [
    'ABI ACT AMA AUS BHM BIS BMI BNA BPT BRO BTR CID CLL CMI CRP DAL DBQ DFW DLH DSM EVV FAR FSD FSM GFK',
    'GGG GPT GRB HOU HRL HSV IAH ICT ILE JAN LAW LBB LFT LIT LNK LRD LSE MAF MCI MDW MEM MFE MKE MLI MLU',
    'MOB MOT MSN MSP MSY OKC OMA ORD PIA PNS RST SAT SGF SHV SJT SPS STL SUX TUL TXK TYR VPS XNA',
  ],
  'America/Denver': ['ABQ BIL BZN COS DEN DRO EGE ELP FCA GTF GUC HDN HLN MSO MTJ RAP SLC'],
  'America/Detroit': ['AZO DTW FNT GRR LAN MBS MQT TVC'],
  'America/Indiana/Indianapolis': ['FWA IND SBN'],
  'America/Juneau': ['GST JNU'],
  'America/Kentucky/Louisville': ['SDF'],
  'America/Los_Angeles': ['BFL BUR EUG FAT GEG LAS LAX LGB MFR MRY OAK ONT PDX PSC PSP RNO SAN SBA SBP SEA SFO SJC SMF SNA'],
  'America/New_York': [
    'ABE ACY ALB APF ATL AVL AVP BDL BGM BGR BOS BTV BUF BWI CAE CAK CHA CHS CLE CLT CMH CRW CVG DAB DAY',
    'DCA ELM ERI EWR EYW FAY FLL GSO GSP HPN IAD ILM ISP ITH JAX JFK LEX LGA LWB MCO MDT MHT MIA MLB MYR',
    'ORF ORH PBI PHL PIT PVD PWM RDU RIC ROA ROC RSW SAV SRQ SWF SYR TLH TOL TPA TRI TYS',
  ],
  'America/Nome': ['BET DUT OME OTZ'],
  'America/Phoenix': ['PHX TUS'],
  'America/Puerto_Rico': ['BQN SJU'],
  'America/Sitka': ['KTN SIT'],
  'America/St_Thomas': ['STT STX'],
  'America/Vancouver': ['PSG WRG'],
  'America/Yakutat': ['YAK'],
  'Pacific/Honolulu': ['HNL ITO KOA LIH OGG'],
};
