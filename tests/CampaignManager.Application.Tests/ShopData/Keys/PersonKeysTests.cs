using CampaignManager.Application.ShopData.Keys;
using CampaignManager.Application.Tests.Data;

namespace CampaignManager.Application.Tests.ShopData.Keys;

public sealed class PersonKeysTests : IDisposable
{
    private readonly ADatabase database = ADatabase.Missing();

    private PersonKeys Keys => new(database.Key());

    [Fact]
    public void Pseudonym_OfAPerson_IsShortAndSaysNothing()
    {
        var one = Keys.Pseudonym(PersonKeyKinds.Email, "lena@example.com");
        Assert.Matches("^p[A-Z2-7]{25}$", one);
        Assert.NotEqual(one, Keys.Pseudonym(PersonKeyKinds.Phone, "lena@example.com"));
        Assert.NotEqual(one, Keys.Pseudonym(PersonKeyKinds.Email, "lena@example.org"));
    }

    [Theory]
    [InlineData("email", " Lena@Example.com", "lena@example.com")]
    [InlineData("email", "ｌｅｎａ@example.com", "LENA@example.com")]
    [InlineData("phone", "'+49 30 5550-0000", "0049 (30) 55500000")]
    [InlineData("phone", "+49 (0)30 55500000", "+493055500000")]
    [InlineData("phone", "13912345678", "+86 139 1234 5678")]
    [InlineData("phone", "1-312-555-1234", "13125551234")]
    public void Pseudonym_TwoSpellingsOfOnePerson_AreOne(string kind, string one, string other) =>
        Assert.Equal(Keys.Pseudonym(kind, one), Keys.Pseudonym(kind, other));

    [Theory]
    [InlineData("email", "lena.m@example.com", "lenam@example.com")]
    [InlineData("email", "lena+shop@example.com", "lena@example.com")]
    [InlineData("phone", "+1 312 555 1234", "+86 312 555 1234")]
    public void Pseudonym_TwoPeople_AreTwo(string kind, string one, string other) =>
        Assert.NotEqual(Keys.Pseudonym(kind, one), Keys.Pseudonym(kind, other));

    [Fact]
    public async Task Pseudonym_ManyNodesAtTheFirstStart_IsTheSameEverywhere()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Keys.Pseudonym("email", "a@example.com"), TestContext.Current.CancellationToken)));
        Assert.Single(made.Distinct());
        Assert.Equal(made[0], Keys.Pseudonym("email", "a@example.com"));
    }

    [Fact]
    public void Pseudonym_OfAnotherInstallation_IsAnother()
    {
        using var other = ADatabase.Missing();
        Assert.NotEqual(Keys.Pseudonym("email", "a@example.com"), new PersonKeys(other.Key()).Pseudonym("email", "a@example.com"));
    }

    [Theory]
    [InlineData("1******6198", true)]
    [InlineData("l***@example.com", true)]
    [InlineData("GUEST", true)]
    [InlineData(" n/a ", true)]
    [InlineData("0", true)]
    [InlineData("null", true)]
    [InlineData("unknown", true)]
    [InlineData("(not set)", true)]
    [InlineData("匿名用户", true)]
    [InlineData("noemail@example.com", true)]
    [InlineData("", true)]
    [InlineData("C-1", false)]
    [InlineData("guesthouse@example.com", false)]
    [InlineData("100", false)]
    [InlineData("a*b", false)]
    public void IsNobody_MaskedOrAWordForNothing_IsNoKey(string text, bool nobody) => Assert.Equal(nobody, PersonId.IsNobody(text));

    [Theory]
    [InlineData("a@example.com", "email")]
    [InlineData("+49 30 55500000", "phone")]
    [InlineData("13912345678", "phone")]
    [InlineData("7300000000000", null)]
    [InlineData("2025-01-02", null)]
    [InlineData("C-1023", null)]
    [InlineData("886380353.1760000023", null)]
    [InlineData("6399227a-e1d6-f9f5-07a8-1949e60d9347", null)]
    public void KindOf_IdThatNamesAPerson_IsKnownByItsForm(string text, string? kind) => Assert.Equal(kind, PersonId.KindOf(text));

    public void Dispose() => database.Dispose();
}
