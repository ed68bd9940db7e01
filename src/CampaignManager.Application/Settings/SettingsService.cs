using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Engine.Money;
using CampaignManager.Engine.Offers.Pricing;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Settings;

/// <summary>The shop's settings as people change them; the fee in major units.</summary>
public sealed record SettingsChange(string Currency, string TimeZone, decimal StoreMarginPercent, decimal Shipping, ConflictResolution ConflictResolution)
{
    /// <summary>Null: as it is.</summary>
    public UnknownFieldPolicy? UnknownFields { get; init; }

    /// <summary>Null: as they are.</summary>
    public ApiIdKind? ApiIds { get; init; }

    /// <summary>Null: as it is.</summary>
    public decimal? GlobalHoldoutPercent { get; init; }
}

/// <summary>Reads and changes the shop's settings; a shop that never changed any has the defaults.</summary>
public sealed class SettingsService(IDbContextFactory<AppDbContext> contexts)
{
    public async Task<ShopSettings> GetAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ShopSettings.AsNoTracking().SingleOrDefaultAsync(cancellationToken) ?? new ShopSettings();
    }

    /// <summary>What a new shop begins with where it differs from what shops from before have.</summary>
    public async Task OfNewShopAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.ShopSettings.AnyAsync(cancellationToken))
            return;
        context.ShopSettings.Add(new ShopSettings { GlobalHoldoutPercent = ShopSettings.GlobalHoldoutOfNewShops });
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Replaces the settings over the version the caller has seen (null: over whatever is there).</summary>
    public async Task<Outcome<ShopSettings>> SaveAsync(SettingsChange change, int? expectedVersion, Actor actor, CancellationToken cancellationToken)
    {
        if (!actor.Is(Roles.Admin))
            return Failure.Forbidden("Only an admin changes the shop's settings.");
        if (Check(change) is { Count: > 0 } errors)
            return Failure.Invalid(errors);

        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var settings = await context.ShopSettings.SingleOrDefaultAsync(cancellationToken);
        if (expectedVersion is { } seen && seen != (settings?.Version ?? 1))
            return new Failure(FailureKind.Stale, "stale", "Somebody changed the settings in the meantime. Load them again and repeat the change.");
        if (settings is null)
            context.ShopSettings.Add(settings = new ShopSettings());
        settings.Currency = change.Currency;
        settings.TimeZone = change.TimeZone;
        settings.StoreMarginPercent = change.StoreMarginPercent;
        settings.ShippingMinor = Currency.Get(change.Currency).ToMinor(change.Shipping);
        settings.ConflictResolution = change.ConflictResolution;
        settings.ApiIds = change.ApiIds ?? settings.ApiIds;
        settings.GlobalHoldoutPercent = change.GlobalHoldoutPercent ?? settings.GlobalHoldoutPercent;
        settings.UnknownFields = change.UnknownFields ?? settings.UnknownFields;
        settings.Version++;
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return settings;
    }

    private static Dictionary<string, string[]> Check(SettingsChange change)
    {
        var errors = new Dictionary<string, string[]>();
        if (!Currency.TryGet(change.Currency, out var currency))
            errors["currency"] = [$"'{change.Currency}' is not a known currency code."];
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(change.TimeZone, out var zone) || !zone.HasIanaId)
            errors["timeZone"] = [$"'{change.TimeZone}' is not a known IANA time zone."];
        if (change.StoreMarginPercent is < 0 or > 100)
            errors["storeMarginPercent"] = ["The margin must be between 0 and 100."];
        if (change.GlobalHoldoutPercent is < 0 or > 50)
            errors["globalHoldoutPercent"] = ["Between 0 and 50 percent of the customers are held out of everything."];
        if (change.Shipping < 0)
            errors["shipping"] = ["The shipping fee must not be negative."];
        else if (currency is not null && !currency.TryToMinor(change.Shipping, out _))
            errors["shipping"] = [$"{currency.Code} has {currency.FractionDigits} digits after the point."];
        return errors;
    }
}
