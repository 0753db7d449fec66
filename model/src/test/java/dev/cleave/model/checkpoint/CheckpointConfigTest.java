package dev.cleave.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.Rope;
import dev.cleave.model.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What config.json may say, as hands, merges and tools of all ages write it. */
class CheckpointConfigTest {
    @TempDir
    private Path folder;

    /** Opens the test checkpoint, its configuration changed by fields in JSON with single quotes. */
    private Architecture open(String fields) {
        TestCheckpoint checkpoint = new TestCheckpoint();
        change(checkpoint, fields);
        if ("qwen2".equals(checkpoint.config.get("model_type"))) {
            for (int layer = 0; layer < 2; layer++) {
                checkpoint.add("model.layers." + layer + ".self_attn.q_proj.bias", 64);
                checkpoint.add("model.layers." + layer + ".self_attn.k_proj.bias", 32);
                checkpoint.add("model.layers." + layer + ".self_attn.v_proj.bias", 32);
            }
        }
        try (Checkpoint opened = Checkpoint.open(checkpoint.write(folder))) {
            return opened.architecture();
        }
    }

    private static void change(TestCheckpoint checkpoint, String fields) {
        byte[] json = ("{" + fields.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8);
        Json.parseObject(json, "change").fields().forEach((name, value) -> {
            if ("absent".equals(value)) {
                checkpoint.config.remove(name);
            } else {
                checkpoint.config.put(name, value);
            }
        });
    }

    private void refused(String fields, String... told) {
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> open(fields))
                .withMessageContaining("config.json: field ")
                .withMessageContainingAll(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'architectures':'absent','model_type':'llama'             | llama
            'architectures':null,'model_type':'llama'                 | llama
            'architectures':[],'model_type':'mistral','sliding_window':null | mistral
            'architectures':'absent','model_type':'qwen2'             | qwen2
            'architectures':['LlamaForCausalLM'],'model_type':'absent' | llama
            'architectures':['LlamaForCausalLM'],'model_type':'my_llama' | llama
            """)
    void theModelTypeDecidesWhereNoArchitectureIsNamed(String fields, String family) {
        assertThat(open(fields).family()).isEqualTo(family);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'architectures':['LlamaForSequenceClassification'],'model_type':'llama' | architectures: architecture LlamaForSequenceClassification
            'architectures':[null],'model_type':'llama'                   | architectures: architecture null
            'architectures':'absent','model_type':'gemma2'                | model_type: model gemma2
            'architectures':'absent'                                      | model_type: model null
            'model_type':'mistral'                                        | model_type: mistral, but architectures names LlamaForCausalLM
            'hidden_act':'gelu'                                           | hidden_act: activation gelu
            'rope_parameters':{'rope_type':'default'},'rope_scaling':{'rope_type':'linear','factor':2.0} | rope_scaling: rope scaling linear
            'rope_scaling':{'type':'yarn','factor':2.0}                   | rope_scaling: rope scaling yarn
            'rope_scaling':{'rope_type':'dynamic','type':'default'}       | rope_scaling: rope scaling dynamic
            'rope_scaling':{'factor':2.0}                                 | rope_scaling: a factor
            'rope_scaling':'none'                                         | rope_scaling: an object
            'rope_parameters':{'full_attention':{'rope_theta':10.0}}      | rope_parameters.full_attention
            'rope_parameters':{'rope_type':'default','partial_rotary_factor':0.5} | rope_parameters.partial_rotary_factor
            'partial_rotary_factor':0.5                                   | partial_rotary_factor
            'rope_theta':'10000.0'                                        | rope_theta: a number in 1.0..1.0E12 is expected, found "10000.0"
            'hidden_size':64.5                                            | hidden_size
            'num_key_value_heads':3                                       | num_key_value_heads: 3 does not divide the 4
            'tie_word_embeddings':'yes'                                   | tie_word_embeddings
            'quantization_config':{'quant_method':'gptq','bits':4}        | by gptq to 4 bits
            'quantization_config':{'quant_method':'awq','w_bit':4}        | by awq to 4 bits
            'quantization_config':{'load_in_4bit':true}                   | by bitsandbytes
            'quantization_config':{'quant_method':'fp8'}                  | by fp8
            'quantization_config':{'quant_method':'compressed-tensors'}   | by compressed-tensors
            'compression_config':{'config_groups':{}}                     | compression_config: the checkpoint is already quantized by compressed-tensors
            'quantization':{'group_size':64,'bits':4}                     | by MLX
            """)
    void whatDiffersIsRefusedByName(String fields, String told) {
        refused(fields, told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'hidden_act':'swish'
            'head_dim':null,'num_key_value_heads':2
            'quantization_config':null,'attention_bias':null,'rope_scaling':null
            'dtype':'float32','torch_dtype':null,'pad_token_id':[0,1]
            'rope_scaling':{},'rope_parameters':{}
            'sliding_window':16,'use_sliding_window':false
            """)
    void whatComputesTheSameIsTaken(String fields) {
        assertThat(open(fields).rope()).isEqualTo(new Rope.Plain(10_000));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'rope_theta':500000                                                | 500000
            'rope_theta':5e5                                                   | 500000
            'rope_theta':10000,'rope_parameters':{'rope_theta':500000}         | 500000
            'rope_parameters':{'rope_theta':7.0},'rope_scaling':{'type':'default','rope_theta':9} | 9
            'rope_theta':8,'rope_parameters':{'rope_theta':7.0},'rope_scaling':{'rope_type':'default'} | 8
            """)
    void thetaIsFoundWhereTransformersFindsIt(String fields, double theta) {
        assertThat(open(fields).rope()).isEqualTo(new Rope.Plain(theta));
    }

    @ParameterizedTest
    @CsvSource({"rope_scaling, type", "rope_scaling, rope_type", "rope_parameters, rope_type"})
    void llama3sScalingUnderEitherName(String field, String type) {
        String scaling = "'" + field + "':{'" + type + "':'llama3','factor':8,'low_freq_factor':1,'high_freq_factor':4,"
                + "'original_max_position_embeddings':32}";

        assertThat(open(scaling).rope()).isEqualTo(new Rope.Llama3(10_000, 8, 1, 4, 32));
        assertThat(open(scaling + ",'original_max_position_embeddings':64").rope())
                .isEqualTo(new Rope.Llama3(10_000, 8, 1, 4, 64));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            'use_sliding_window':false,'sliding_window':16                       | true
            'use_sliding_window':true,'sliding_window':16,'max_window_layers':2  | true
            'use_sliding_window':true,'sliding_window':16                        | true
            'use_sliding_window':true,'sliding_window':16,'max_window_layers':1  | false
            'use_sliding_window':true,'sliding_window':128,'max_window_layers':0 | true
            'use_sliding_window':true,'sliding_window':null,'max_window_layers':0 | true
            'use_sliding_window':true,'sliding_window':16,'max_window_layers':0,'layer_types':['full_attention','full_attention'] | true
            'use_sliding_window':true,'sliding_window':16,'layer_types':['full_attention','sliding_attention'] | false
            """)
    void aWindowOfQwen2MattersWhereALayerUsesIt(String window, boolean taken) {
        String fields = "'architectures':null,'model_type':'qwen2'," + window;
        if (taken) {
            assertThat(open(fields).family()).isEqualTo("qwen2");
        } else {
            refused(fields, "sliding_window: a sliding window of 16 tokens, below the context of 128");
        }
    }

    @Test
    void absentKeyValueHeadsAreThoseOfTheFamily() {
        TestCheckpoint checkpoint = new TestCheckpoint();
        change(checkpoint, "'num_key_value_heads':null");
        for (int layer = 0; layer < 2; layer++) {
            checkpoint.add("model.layers." + layer + ".self_attn.k_proj.weight", 64, 64);
            checkpoint.add("model.layers." + layer + ".self_attn.v_proj.weight", 64, 64);
        }
        try (Checkpoint opened = Checkpoint.open(checkpoint.write(folder))) {
            assertThat(opened.architecture().kvHeads()).isEqualTo(4);
        }
        refused(
                "'architectures':null,'model_type':'mistral','sliding_window':null,'num_key_value_heads':'absent'",
                "num_key_value_heads: 8, which MistralForCausalLM takes where the field is absent");
    }
}
