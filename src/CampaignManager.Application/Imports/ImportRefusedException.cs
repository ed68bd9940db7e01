namespace CampaignManager.Application.Imports;

/// <summary>The whole file is refused and nothing of it is kept. The code names the text that pages show.</summary>
internal sealed class ImportRefusedException(string code, string sentence, string? detail = null) : Exception(sentence)
{
    public string Code { get; } = code;

    /// <summary>What the sentence is about: a column, a row's number, an arm.</summary>
    public string? Detail { get; } = detail;
}
