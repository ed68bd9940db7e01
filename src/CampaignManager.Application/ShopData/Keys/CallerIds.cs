using CampaignManager.Application.Settings;

namespace CampaignManager.Application.ShopData.Keys;

/// <summary>
/// A customer's id as the shop's system calls it becomes the one that everything is kept under, at the door of every call: a shop that calls with e-mail addresses or phone
/// numbers goes on doing so, and its checkout meets the history that its files brought under the same pseudonyms.
/// </summary>
/// <remarks>Which of the three they are is a setting, read anew once a second: every cart asks.</remarks>
public sealed class CallerIds(SettingsService settings, IPersonKeys keys, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private volatile Read? last;

    private sealed record Read(ApiIdKind Ids, long At);

    /// <summary>What fits not what the setting says, a pseudonym for instance, is an id as it stands: nobody is turned away at the checkout for it.</summary>
    public async ValueTask<string> OfAsync(string id, CancellationToken cancellationToken)
    {
        var ids = await NowAsync(cancellationToken);
        return ids != ApiIdKind.Own && Fits(ids, id) ? keys.Pseudonym(ids == ApiIdKind.Email ? PersonKeyKinds.Email : PersonKeyKinds.Phone, id) : id;
    }

    /// <summary>Whether it may be one of these.</summary>
    internal static bool Fits(ApiIdKind ids, string id) => ids switch
    {
        ApiIdKind.Email => PersonId.KindOf(id) == PersonKeyKinds.Email,
        ApiIdKind.Phone => PersonId.IsNumber(id),
        _ => true,
    };

    private async ValueTask<ApiIdKind> NowAsync(CancellationToken cancel)
    {
        if (last is { } known && time.GetElapsedTime(known.At) < Fresh)
            return known.Ids;
        var at = time.GetTimestamp();
        return (last = new Read((await settings.GetAsync(cancel)).ApiIds, at)).Ids;
    }
}
