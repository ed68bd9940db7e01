using CampaignManager.Application.Settings;
using CampaignManager.Engine.Offers.Pricing;

namespace CampaignManager.Web.Settings;

/// <summary>The shop's settings while they are edited; a field emptied is null until it is filled again.</summary>
public sealed class SettingsForm
{
    private SettingsChange? loaded;

    public string Currency { get; set; } = "";

    public string TimeZone { get; set; } = "";

    public decimal? StoreMarginPercent { get; set; }

    public decimal? Shipping { get; set; }

    public ConflictResolution ConflictResolution { get; set; }

    public UnknownFieldPolicy UnknownFields { get; set; }

    public ApiIdKind ApiIds { get; set; }

    public decimal? GlobalHoldoutPercent { get; set; }

    /// <summary>The version read, to be written over and no other.</summary>
    public int Version { get; private init; }

    /// <summary>Something differs from what was read.</summary>
    public bool IsDirty => Missing().Count > 0 || ToChange() != loaded;

    public static SettingsForm Of(ShopSettings settings)
    {
        var form = new SettingsForm
        {
            Currency = settings.Currency,
            TimeZone = settings.TimeZone,
            // The database keeps zeros behind the point that nobody typed.
            StoreMarginPercent = settings.StoreMarginPercent / 1.0000000000m,
            Shipping = Engine.Money.Currency.Get(settings.Currency).ToMajor(settings.ShippingMinor),
            ConflictResolution = settings.ConflictResolution,
            UnknownFields = settings.UnknownFields,
            ApiIds = settings.ApiIds,
            GlobalHoldoutPercent = settings.GlobalHoldoutPercent / 1.0000000000m,
            Version = settings.Version,
        };
        form.loaded = form.ToChange();
        return form;
    }

    /// <summary>Fields left empty; what is filled in wrongly is for the service to say.</summary>
    public IReadOnlyDictionary<string, string[]> Missing() =>
        new (string Name, bool Empty)[]
        {
            ("currency", string.IsNullOrWhiteSpace(Currency)), ("timeZone", string.IsNullOrWhiteSpace(TimeZone)),
            ("storeMarginPercent", StoreMarginPercent is null), ("shipping", Shipping is null), ("globalHoldoutPercent", GlobalHoldoutPercent is null),
        }.Where(f => f.Empty).ToDictionary(f => f.Name, f => new[] { f.Name });

    public SettingsChange ToChange() => new(Currency, TimeZone, StoreMarginPercent!.Value, Shipping!.Value, ConflictResolution)
    {
        UnknownFields = UnknownFields,
        ApiIds = ApiIds,
        GlobalHoldoutPercent = GlobalHoldoutPercent,
    };
}
