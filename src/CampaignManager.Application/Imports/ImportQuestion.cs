namespace CampaignManager.Application.Imports;

/// <summary>What a file does not say and a person has to: nothing is written before.</summary>
/// <param name="Code">Kebab-case; names the text.</param>
/// <param name="Subject">What it is about: a column; empty where one question of the code is enough.</param>
/// <param name="Message">The question as an English sentence, with what was found.</param>
/// <param name="Choices">What may be answered; empty: anything, as a zone or a currency.</param>
public sealed record ImportQuestion(string Code, string Subject, string Message, IReadOnlyList<ImportChoice> Choices)
{
    /// <summary>Under which it is answered.</summary>
    public string Id => Subject.Length == 0 ? Code : $"{Code}:{Subject}";

    /// <summary>Which of several sentences of the code it is; empty: it has one.</summary>
    public string Form { get; init; } = "";

    /// <summary>What the sentence names: columns, examples, ids. Texts in other languages take them in this order.</summary>
    public IReadOnlyList<string> Facts { get; init; } = [];

    /// <summary>What it counts; texts take these after the facts.</summary>
    public IReadOnlyList<long> Counts { get; init; } = [];

    /// <summary>Whether an answer is one that may be given.</summary>
    public bool Takes(string answer) => Choices.Count == 0 ? answer.Trim().Length is > 0 and <= 100 : Choices.Any(c => c.Value == answer);
}

/// <param name="Value">As it is answered.</param>
/// <param name="Label">In English words.</param>
public sealed record ImportChoice(string Value, string Label);
