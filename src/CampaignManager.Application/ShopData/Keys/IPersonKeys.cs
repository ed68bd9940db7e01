namespace CampaignManager.Application.ShopData.Keys;

/// <summary>
/// Ids that name a person (an e-mail address, a phone number) become pseudonyms before anything is written, the same for every file and
/// call.
/// </summary>
public interface IPersonKeys
{
    /// <param name="kind"><see cref="PersonKeyKinds.Email"/> or <see cref="PersonKeyKinds.Phone"/>.</param>
    /// <param name="value">As the file or the call has it; normalised here.</param>
    string Pseudonym(string kind, string value);
}

public static class PersonKeyKinds
{
    public const string Email = "email";
    public const string Phone = "phone";
}
