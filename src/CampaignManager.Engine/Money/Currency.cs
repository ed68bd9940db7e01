namespace CampaignManager.Engine.Money;

/// <summary>An ISO 4217 currency: its code and how many digits stand after the point.</summary>
/// <remarks>ISO 4217 list one: the codes in use, without funds, metals and test codes.</remarks>
public sealed record Currency
{
    private static readonly Dictionary<string, Currency> Known = Of(
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        (2, """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
            GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK
            NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST
            XCD XCG YER ZAR ZMW ZWG
            """),
        (3, "BHD IQD JOD KWD LYD OMR TND"));

    private Currency(string code, int fractionDigits)
    {
        Code = code;
        FractionDigits = fractionDigits;
        MinorPerMajor = 1;
        for (var i = 0; i < fractionDigits; i++)
            MinorPerMajor *= 10;
    }

    /// <summary>Three capital letters, e.g. <c>CNY</c>.</summary>
    public string Code { get; }

    /// <summary>Digits after the point: CNY 2, JPY 0, KWD 3.</summary>
    public int FractionDigits { get; }

    /// <summary>Minor units in one major unit: 10 to the <see cref="FractionDigits"/>.</summary>
    public long MinorPerMajor { get; }

    /// <summary>All known currencies, by code.</summary>
    public static IReadOnlyList<Currency> All { get; } = [.. Known.Values.OrderBy(c => c.Code, StringComparer.Ordinal)];

    /// <summary>Finds a known currency by its code; false when the code is not known.</summary>
    public static bool TryGet(string? code, out Currency currency)
    {
        currency = null!;
        return code is not null && Known.TryGetValue(code, out currency!);
    }

    /// <summary>The currency with this code.</summary>
    /// <exception cref="ArgumentException">The code is not known.</exception>
    public static Currency Get(string code) =>
        TryGet(code, out var currency) ? currency : throw new ArgumentException($"Currency '{code}' is not known.", nameof(code));

    /// <summary>A major-unit amount as whole minor units; false when it has more digits than the currency or does not fit a <see cref="long"/>.</summary>
    public bool TryToMinor(decimal major, out long minor)
    {
        minor = 0;
        if (Math.Abs(major) > long.MaxValue / (decimal)MinorPerMajor)
            return false;
        var scaled = major * MinorPerMajor;
        if (scaled != decimal.Truncate(scaled))
            return false;
        minor = (long)scaled;
        return true;
    }

    /// <summary>A major-unit amount as minor units.</summary>
    /// <exception cref="ArgumentException">More digits than the currency has, or out of range.</exception>
    public long ToMinor(decimal major) =>
        TryToMinor(major, out var minor) ? minor : throw new ArgumentException($"{major} is not an amount of {Code}.", nameof(major));

    /// <summary>Minor units as a decimal of major units, exact.</summary>
    public decimal ToMajor(long minor) => (decimal)minor / MinorPerMajor;

    /// <summary>Minor units as a number of major units, as statistics and models count them.</summary>
    public double ToNumber(long minor) => (double)minor / MinorPerMajor;

    /// <inheritdoc/>
    public override string ToString() => Code;

    private static Dictionary<string, Currency> Of(params ReadOnlySpan<(int Digits, string Codes)> groups)
    {
        var known = new Dictionary<string, Currency>(StringComparer.Ordinal);
        foreach (var (digits, codes) in groups)
        {
            foreach (var code in codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                known.Add(code, new Currency(code, digits));
        }

        return known;
    }
}
