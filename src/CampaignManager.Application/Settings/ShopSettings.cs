using CampaignManager.Application.Data;
using CampaignManager.Engine.Offers;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CampaignManager.Application.Settings;

/// <summary>The shop's own settings; one row.</summary>
[ToldAs(Topic)]
public sealed class ShopSettings
{
    /// <summary>News that they have changed.</summary>
    public const string Topic = "settings";

    public const int TheId = 1;

    /// <summary>Percent of its customers that a new shop holds out of everything.</summary>
    public const decimal GlobalHoldoutOfNewShops = 5;

    public int Id { get; init; } = TheId;

    public string Currency { get; set; } = "CNY";

    public string TimeZone { get; set; } = "Asia/Shanghai";

    /// <summary>Gross margin in percent of the price, for products without a unit cost.</summary>
    public decimal StoreMarginPercent { get; set; } = 30;

    /// <summary>Which campaigns win when an exclusive one applies.</summary>
    public ConflictResolution ConflictResolution { get; set; }

    /// <summary>What becomes of carts with fields that do not exist. Shops from before they were refused are warned until an admin says otherwise.</summary>
    public UnknownFieldPolicy UnknownFields { get; set; }

    /// <summary>What calls say for a customer. It is never guessed: a phone number taken for an id of the shop's own would lie in the lake.</summary>
    public ApiIdKind ApiIds { get; set; }

    /// <summary>Percent of customers who get no campaign at all, to measure the whole programme; 0 for shops from before there was such a thing.</summary>
    public decimal GlobalHoldoutPercent { get; set; }

    /// <summary>Goes up with every change; the concurrency token.</summary>
    public int Version { get; set; } = 1;

    /// <summary>Shipping fee in minor units: what free shipping costs the shop.</summary>
    public long ShippingMinor { get; set; } = 1000;
}

[ClosedSet]
public enum UnknownFieldPolicy
{
    /// <summary>The call is refused.</summary>
    Refuse,

    /// <summary>The call is answered, with a warning.</summary>
    Warn,
}

[ClosedSet]
public enum ApiIdKind
{
    /// <summary>The shop's own ids, which name nobody.</summary>
    Own,

    /// <summary>E-mail addresses, which become pseudonyms at the door.</summary>
    Email,

    /// <summary>Phone numbers with their country, which become pseudonyms at the door.</summary>
    Phone,
}

public sealed class ShopSettingsConfiguration : IEntityTypeConfiguration<ShopSettings>
{
    public void Configure(EntityTypeBuilder<ShopSettings> builder)
    {
        builder.ToTable("ShopSettings");
        builder.Property(s => s.Id).ValueGeneratedNever();
        builder.Property(s => s.Currency).HasMaxLength(3);
        builder.Property(s => s.TimeZone).HasMaxLength(64);
        builder.Property(s => s.ConflictResolution).HasMaxLength(20).HasConversion(r => r.Name(), name => Stored(name));
        builder.Property(s => s.UnknownFields).HasMaxLength(10).HasConversion(p => p.Name(), name => Policy(name));
        builder.Property(s => s.ApiIds).HasMaxLength(10).HasDefaultValue(ApiIdKind.Own).HasConversion(k => k.Name(), name => Ids(name));
        builder.Property(s => s.Version).IsConcurrencyToken();
    }

    private static UnknownFieldPolicy Policy(string name) => ClosedSets.TryRead<UnknownFieldPolicy>(name, out var known) ? known : UnknownFieldPolicy.Refuse;

    private static ApiIdKind Ids(string name) => ClosedSets.TryRead<ApiIdKind>(name, out var known) ? known : ApiIdKind.Own;

    // A name that is not known counts as the usual one, as it always has.
    private static ConflictResolution Stored(string name) => ClosedSets.TryRead<ConflictResolution>(name, out var known) ? known : ConflictResolution.BestForCustomer;
}
