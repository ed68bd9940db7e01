using CampaignManager.Application.Accounts;
using CampaignManager.Application.Lake;
using CampaignManager.Application.ShopData.Keys;
using DuckDB.NET.Data;

namespace CampaignManager.Application.Customers;

/// <summary>
/// Finds one customer by an id: the shop's own, a pseudonym, another id that turned out to be the same person's, or the e-mail address or
/// phone number that a pseudonym was made of. Such a one is hashed at once and goes nowhere: not into an address, not into a log.
/// </summary>
public sealed class CustomerSearch(DataLake lake, IPersonKeys keys)
{
    private const int Longest = 300;

    /// <returns>The id under which the customer is kept.</returns>
    public async Task<Outcome<string>> FindAsync(string text, Actor actor, CancellationToken cancellationToken)
    {
        if (CustomerAccess.Refusal(actor) is { } refused)
            return refused;
        var asked = text.Trim();
        if (asked.Length is 0 or > Longest || asked.StartsWith(DataLake.GuestPrefix, StringComparison.Ordinal))
            return CustomerAccess.Unknown;
        return await Task.Run(() => Find(asked, cancellationToken), cancellationToken) is { } found ? found : CustomerAccess.Unknown;
    }

    private string? Find(string asked, CancellationToken cancel)
    {
        using var connection = lake.Open(threads: 1);
        return Candidates(asked).Select(id => new Person(lake, id, connection, cancel))
            .FirstOrDefault(person => Exists(person, connection, cancel))?.Id;
    }

    /// <summary>The id itself first: a number may be the shop's own, and a phone's only then.</summary>
    private IEnumerable<string> Candidates(string text)
    {
        yield return text;
        if (PersonId.MayBe(text) is { } kind)
            yield return keys.Pseudonym(kind, text);
    }

    private static bool Exists(Person person, DuckDBConnection connection, CancellationToken cancel) =>
        connection.Ask($"SELECT 1 FROM {person.RowsOf(LakeTable.Customers)} LIMIT 1", _ => true, person.Ids, cancel).Count > 0;
}
